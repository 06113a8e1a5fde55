import { modelsContract } from '../../api/contract/models.ts';
import { importPackage as copyPackage } from '../../features/models/model-packages.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/** Copies a model package into the user's models. Nothing is there before all of it is. */
export const importPackage = defineJob({
  id: 'import-package',
  title: { en: 'Importing the model', 'zh-CN': '导入模型' },
  unit: 'bytes',
  input: modelsContract['models.importPackage'].input,
  result: resultOf('model'),
  needsProject: false,
  resumable: true,
  async run({ folder }, run) {
    return { kind: 'model', ...(await copyPackage(folder, run.modelFolders, run)) };
  },
});
