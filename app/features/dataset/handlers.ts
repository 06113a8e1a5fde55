import type { HandlersOf } from '../../session.ts';

export const datasetHandlers: HandlersOf<'dataset'> = {
  'dataset.importCoco': (input, { jobs, window }) =>
    jobs.start({ kind: 'import-dataset', input, window }),
  'dataset.exportCoco': (input, { jobs, window }) =>
    jobs.start({ kind: 'export-dataset', input, window }),
};
