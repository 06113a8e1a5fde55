import { datasetContract } from '../../api/contract/dataset.ts';
import { outputFile } from '../../files/output-file.ts';
import { cocoOutput, exportCoco } from '../../services/coco-export-file.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/** Writes the project's records as a dataset and reads it again. Nothing is there before all of it is. */
export const exportDataset = defineJob({
  id: 'export-dataset',
  title: { en: 'Exporting COCO', 'zh-CN': '导出 COCO' },
  input: datasetContract['dataset.exportCoco'].input,
  result: resultOf('export'),
  needsProject: true,
  resumable: true,
  async check(input, { project }) {
    // What lies there already is asked about at once, not when all is written.
    await outputFile(cocoOutput(project(), input));
  },
  async run(input, run) {
    return { kind: 'export', ...(await exportCoco(run.project(), input, run)) };
  },
});
