import type { HandlersOf } from '../../session.ts';
import { announceChange } from '../project/announce-change.ts';
import { removeCategory } from './category-removal.ts';

export const categoryHandlers: HandlersOf<'categories'> = {
  'categories.list': (_, { projects }) => projects.require().categories(),
  'categories.counts': (_, { projects }) => projects.require().categoryCounts(),
  'categories.remove': async (input, session) => {
    const database = session.project();
    const removed = await session.jobs.during(
      'Remove category',
      (context) => removeCategory(database, input, context),
      () => ({ stepId: null }),
    );
    announceChange(session);
    return removed;
  },
};
