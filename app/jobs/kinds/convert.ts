import { z } from 'zod';
import { modelsContract } from '../../api/contract/models.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { convertModel } from '../../features/models/model-packages.ts';
import { newOutput } from '../../files/output-file.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = modelsContract['models.convert'].input.extend({
  /** Folder to make; among the user's models, named by the id, unless given. */
  target: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
  description: z.string().min(1).optional(),
  source: z.object({ url: z.string().min(1), revision: z.string() }).optional(),
});

/**
 * Makes a package of a checkpoint, among the user's models or in a folder of its own. Nothing is
 * there before all of it is.
 */
export const convert = defineJob({
  id: 'convert',
  title: { en: 'Converting the checkpoint', 'zh-CN': '转换检查点' },
  unit: 'bytes',
  input,
  result: resultOf('model'),
  needsProject: false,
  resumable: true,
  async check({ target }) {
    if (target !== undefined) await newOutput(target, 'package');
  },
  async run(asked, run) {
    const report = await convertModel(withoutUndefined(asked), run.modelFolders, run);
    return { kind: 'model', ...report };
  },
});
