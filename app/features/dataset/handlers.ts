import { outputFile } from '../../files/output-file.ts';
import { startImport } from '../../jobs/start-import.ts';
import { cocoOutput, exportCoco } from '../../services/coco-export-file.ts';
import { importCoco } from '../../services/coco-import-file.ts';
import type { HandlersOf } from '../../session.ts';
import { requireFolder } from '../images/image-import.ts';

export const datasetHandlers: HandlersOf<'dataset'> = {
  'dataset.importCoco': async (input, session) => {
    await requireFolder(input.images);
    return startImport(session, 'Import COCO', (database, context) =>
      importCoco(database, input, context),
    );
  },
  'dataset.exportCoco': async (input, { projects, jobs }) => {
    const database = projects.require();
    // What lies there already is asked about at once, not when all is written.
    await outputFile(cocoOutput(database, input));
    return jobs.start('Export COCO', (context) => exportCoco(database, input, context));
  },
};
