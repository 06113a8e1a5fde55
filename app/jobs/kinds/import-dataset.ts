import { datasetContract } from '../../api/contract/dataset.ts';
import {
  importDataset as importIt,
  requireDataset,
} from '../../features/dataset/dataset-import.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/**
 * Brings the records of a dataset into the project. Run again, `existing` says what is done with
 * what is there already.
 */
export const importDataset = defineJob({
  id: 'import-dataset',
  title: { en: 'Importing a dataset', 'zh-CN': '导入数据集' },
  input: datasetContract['dataset.import'].input,
  result: resultOf('import'),
  needsProject: true,
  resumable: true,
  check: (input) => requireDataset(input),
  async run(input, run) {
    try {
      await run.backupBeforeLargeStep();
      return { kind: 'import', ...(await importIt(run.project(), input, run)) };
    } finally {
      run.projectChanged();
    }
  },
});
