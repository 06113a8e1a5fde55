import { modelsContract } from '../../api/contract/models.ts';
import { addServerModel } from '../../features/models/model-packages.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/** Adds a model that a server runs. Its key is no part of the job, for jobs are stored. */
export const addServer = defineJob({
  id: 'add-server',
  title: { en: 'Adding the chat server', 'zh-CN': '添加聊天服务器' },
  input: modelsContract['models.addServer'].input,
  result: resultOf('model'),
  needsProject: false,
  resumable: false,
  async run(input, { home, modelFolders, signal }) {
    return { kind: 'model', ...(await addServerModel(input, home, modelFolders, signal)) };
  },
});
