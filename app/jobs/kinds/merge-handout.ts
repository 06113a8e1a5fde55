import { z } from 'zod';
import type { MergeConflict } from '../../../core/project/merge-changes.ts';
import { mergeHandout as mergeIt } from '../../features/handout/merge-handout.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** The handout file with the changes of the colleague. */
  file: z.string().min(1),
  /** Ids of the records of which the colleague's change stays, where both changed them. */
  there: z.array(z.string().min(1)),
});

/** Brings what a colleague changed in a handout into the project, as one step. */
export const mergeHandout = defineJob({
  id: 'merge-handout',
  title: { en: 'Merging a handout', 'zh-CN': '合并分发的项目' },
  input,
  result: resultOf('merge'),
  needsProject: true,
  resumable: true,
  async run({ file, there }, run) {
    const theirs = new Set(there);
    const decide = ({ here, there: other }: MergeConflict) =>
      theirs.has((here ?? other)!.id) ? 'there' : 'here';
    try {
      await run.backupBeforeLargeStep();
      const report = await mergeIt(run.project(), file, decide, run);
      const { added, updated, removed, leftOut } = report;
      return { kind: 'merge', added, updated, removed, leftOut: leftOut.length };
    } finally {
      run.projectChanged();
    }
  },
});
