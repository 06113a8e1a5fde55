import { modelsContract } from '../../api/contract/models.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { convertModel } from '../../features/models/model-packages.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/**
 * Makes a package of a checkpoint, among the user's models. Nothing is there before all of it is.
 */
export const convert = defineJob({
  id: 'convert',
  title: { en: 'Converting the checkpoint', 'zh-CN': '转换检查点' },
  input: modelsContract['models.convert'].input,
  result: resultOf('model'),
  needsProject: false,
  resumable: true,
  async run(input, run) {
    const report = await convertModel(withoutUndefined(input), run.modelFolders, run);
    return { kind: 'model', ...report };
  },
});
