import { exportDataset, requireTarget } from '../services/dataset-export.ts';
import { describeFormats, detectDataset } from '../services/dataset-formats.ts';
import { importDataset, requireDataset } from '../services/dataset-import.ts';
import { listFolder } from '../services/files.ts';
import { startImport, type ApplicationParts, type HandlersOf } from './parts.ts';

export function datasetHandlers(parts: ApplicationParts): HandlersOf<'dataset' | 'jobs' | 'files'> {
  const { projects, jobs } = parts;
  return {
    'dataset.formats': () => describeFormats(),
    'dataset.detect': ({ path }) => detectDataset(path),
    'dataset.import': async (input, window) => {
      await requireDataset(input);
      return startImport(parts, window, 'Import dataset', (database, context) =>
        importDataset(database, input, context),
      );
    },
    'dataset.export': async (input) => {
      const database = projects.require();
      // What lies there already is asked about at once, not when all is written.
      await requireTarget(database, input);
      return jobs.start('Export dataset', (context) => exportDataset(database, input, context));
    },
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'files.list': ({ folder }) => listFolder(folder),
  };
}
