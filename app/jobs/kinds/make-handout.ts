import { z } from 'zod';
import { imageStates, splits } from '../../../core/records.ts';
import { makeHandout as makeIt } from '../../features/handout/make-handout.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** The project file to write, or a zip archive of it with its photos; nothing must be there. */
  file: z.string().min(1),
  /** Only images in these states. */
  states: z.array(z.enum(imageStates)).optional(),
  /** Only images of this split. */
  split: z.enum(splits).optional(),
  /** Whether photos are copied beside a project file. */
  hasPhotos: z.boolean().default(false),
});

/** Writes the part of the project that a colleague needs into a project file of its own. */
export const makeHandout = defineJob({
  id: 'make-handout',
  title: { en: 'Handing out', 'zh-CN': '分发项目' },
  input,
  result: resultOf('handout'),
  needsProject: true,
  resumable: true,
  async run(request, run) {
    return { kind: 'handout', ...(await makeIt(run.project(), request, run)) };
  },
});
