import type { HandlersOf } from '../../session.ts';
import { readProgress } from './progress.ts';

export const statisticsHandlers: HandlersOf<'statistics'> = {
  'statistics.counts': (_, { projects }) => projects.require().read('counts', null),
  'statistics.regions': (_, { projects }) => projects.require().read('regionStatistics', null),
  'statistics.imagesOf': (of, { projects }) => projects.require().read('imagesOfStatistic', of),
  'statistics.trainable': (_, { projects }) => projects.require().read('trainableImages', null),
  'statistics.progress': async (_, { projects }) =>
    readProgress(await projects.require().read('stateChanges', null)),
};
