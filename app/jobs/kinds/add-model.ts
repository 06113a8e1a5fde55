import { modelsContract } from '../../api/contract/models.ts';
import { addModel as addToModels } from '../../features/models/model-packages.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/**
 * Makes a package of ONNX files that others exported, among the user's models. Nothing is there
 * before all of it is, and is tested.
 */
export const addModel = defineJob({
  id: 'add-model',
  title: { en: 'Adding the model', 'zh-CN': '添加模型' },
  unit: 'bytes',
  input: modelsContract['models.add'].input,
  result: resultOf('model'),
  needsProject: false,
  resumable: true,
  async run({ files, classes, ...about }, run) {
    const { signal, modelFolders, packGraphs } = run;
    const options = { ...about, signal, ...(classes && { hints: { classes } }) };
    return { kind: 'model', ...(await addToModels(files, options, modelFolders, packGraphs)) };
  },
});
