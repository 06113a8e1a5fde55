import type { HandlersOf } from '../../session.ts';
import { describeFormats, detectDataset } from './dataset-formats.ts';

export const datasetHandlers: HandlersOf<'dataset'> = {
  'dataset.formats': () => describeFormats(),
  'dataset.detect': ({ path }) => detectDataset(path),
  'dataset.import': (input, { jobs, window }) =>
    jobs.start({ kind: 'import-dataset', input, window }),
  'dataset.export': (input, { jobs, window }) =>
    jobs.start({ kind: 'export-dataset', input, window }),
};
