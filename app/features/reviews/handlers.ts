import type { HandlersOf } from '../../session.ts';
import { answerItem, giveReview, openReview, settle } from './service.ts';

export const reviewHandlers: HandlersOf<'reviews'> = {
  'reviews.queue': (filter, { projects, windows, window }) => {
    const project = projects.require();
    const { reviewers, reviewsEach } = project.settings();
    return project.read('reviewQueue', {
      filter,
      reviewer: windows.personIn(window)?.id ?? null,
      assignment: { reviewers, each: reviewsEach },
    });
  },
  'reviews.open': ({ settles, ...subject }, session) => openReview(session, subject, settles),
  'reviews.answer': (input, session) => answerItem(session, input),
  'reviews.give': (input, session) => giveReview(session, input),
  'reviews.settle': (input, session) => settle(session, input),
  'reviews.agreement': (_, { projects }) => projects.require().read('agreement', null),
};
