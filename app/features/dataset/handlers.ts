import type { HandlersOf } from '../../session.ts';
import { openSnapshot } from '../../../db/project-snapshot.ts';
import { Turns } from '../../turns.ts';
import { describeFormats, detectDataset } from './dataset-formats.ts';
import { planSplits } from './split-plan.ts';

export const datasetHandlers: HandlersOf<'dataset'> = {
  'dataset.formats': () => describeFormats(),
  'dataset.detect': ({ path }) => detectDataset(path),
  'dataset.splits': async (input, { project }) => {
    const snapshot = openSnapshot(project().file);
    const turns = new Turns();
    try {
      const { preview } = await planSplits(snapshot, input, () =>
        turns.isDue ? turns.give() : null,
      );
      return preview;
    } finally {
      snapshot.close();
    }
  },
  'dataset.import': (input, { jobs, window }) =>
    jobs.start({ kind: 'import-dataset', input, window }),
  'dataset.export': (input, { jobs, window }) =>
    jobs.start({ kind: 'export-dataset', input, window }),
};
