import { datasetContract } from '../../api/contract/dataset.ts';
import { requireFolder } from '../../features/images/image-import.ts';
import { importCoco } from '../../services/coco-import-file.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/** Brings the records of a dataset into the project. Run again, `existing` says what is done with what is there already. */
export const importDataset = defineJob({
  id: 'import-dataset',
  title: { en: 'Importing COCO', 'zh-CN': '导入 COCO' },
  input: datasetContract['dataset.importCoco'].input,
  result: resultOf('import'),
  needsProject: true,
  resumable: true,
  check: ({ images }) => requireFolder(images),
  async run(input, run) {
    try {
      await run.backupBeforeLargeStep();
      return { kind: 'import', ...(await importCoco(run.project(), input, run)) };
    } finally {
      run.projectChanged();
    }
  },
});
