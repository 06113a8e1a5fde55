import { dirname } from 'node:path';
import { z } from 'zod';
import { checkpointFromPackage } from '../../../models/families/pixel-sail/convert/checkpoint-from-package.ts';
import { makeFolder } from '../../files/folders.ts';
import { newOutput } from '../../files/output-file.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** A package folder, or the id of an installed model; null takes the host's default. */
  model: z.string().min(1).nullable(),
  /** Folder to make. */
  target: z.string().min(1),
});

/** Turns a package back into a checkpoint. Nothing is there before all of it is. */
export const makeCheckpoint = defineJob({
  id: 'make-checkpoint',
  title: { en: 'Making a checkpoint', 'zh-CN': '生成检查点' },
  input,
  result: resultOf('table'),
  needsProject: false,
  resumable: true,
  async check({ target }) {
    await newOutput(target);
  },
  async run({ model, target }, run) {
    await makeFolder(dirname(target));
    const { id } = await checkpointFromPackage(await run.locateModel(model), target, run.signal);
    return {
      kind: 'table',
      table: [
        ['package', 'checkpoint'],
        [id, target],
      ],
    };
  },
});
