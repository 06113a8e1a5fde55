import { datasetContract } from '../../api/contract/dataset.ts';
import { exportDataset as exportIt, requireTarget } from '../../features/dataset/dataset-export.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/**
 * Writes the project's records as a dataset and reads it again. Nothing is there before all of it
 * is.
 */
export const exportDataset = defineJob({
  id: 'export-dataset',
  title: { en: 'Exporting a dataset', 'zh-CN': '导出数据集' },
  input: datasetContract['dataset.export'].input,
  result: resultOf('export'),
  needsProject: true,
  resumable: true,
  async check(input, { project }) {
    // An existing file at the output path is reported before the export starts.
    await requireTarget(project(), input);
  },
  async run(input, run) {
    return { kind: 'export', ...(await exportIt(run.project(), input, run)) };
  },
});
