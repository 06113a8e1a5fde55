import { exportCoco } from '../services/coco-export-file.ts';
import { importCoco } from '../services/coco-import-file.ts';
import { listFolder } from '../services/files.ts';
import { requireFolder } from '../services/image-import.ts';
import { startImport, type ApplicationParts, type HandlersOf } from './parts.ts';

export function datasetHandlers(parts: ApplicationParts): HandlersOf<'dataset' | 'jobs' | 'files'> {
  const { projects, jobs, cache } = parts;
  return {
    'dataset.importCoco': async (input, window) => {
      await requireFolder(input.images);
      return startImport(parts, window, 'Import COCO', (database, context) =>
        importCoco(database, input, cache, context),
      );
    },
    'dataset.exportCoco': (input) => {
      const database = projects.require();
      return jobs.start('Export COCO', (context) => exportCoco(database, input, context));
    },
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'files.list': ({ folder }) => listFolder(folder),
  };
}
