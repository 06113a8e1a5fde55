import { outputFile } from '../files/output-file.ts';
import { cocoOutput, exportCoco } from '../services/coco-export-file.ts';
import { importCoco } from '../services/coco-import-file.ts';
import { listFolder } from '../services/files.ts';
import { requireFolder } from '../services/image-import.ts';
import { startImport, type ApplicationParts, type HandlersOf } from './parts.ts';

export function datasetHandlers(parts: ApplicationParts): HandlersOf<'dataset' | 'jobs' | 'files'> {
  const { projects, jobs } = parts;
  return {
    'dataset.importCoco': async (input, window) => {
      await requireFolder(input.images);
      return startImport(parts, window, 'Import COCO', (database, context) =>
        importCoco(database, input, context),
      );
    },
    'dataset.exportCoco': async (input) => {
      const database = projects.require();
      // What lies there already is asked about at once, not when all is written.
      await outputFile(cocoOutput(database, input));
      return jobs.start('Export COCO', (context) => exportCoco(database, input, context));
    },
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'files.list': ({ folder }) => listFolder(folder),
  };
}
