import type { MergeConflict } from '../../../core/project/merge-changes.ts';
import type { ImageRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import type { HandlersOf } from '../../session.ts';
import { announceChange } from '../project/announce-change.ts';
import { makeHandout } from './make-handout.ts';
import { mergeHandout, previewMerge } from './merge-handout.ts';

export const handoutHandlers: HandlersOf<'handout'> = {
  'handout.make': (input, session) => makeHandout(session.project(), withoutUndefined(input)),
  'handout.conflicts': async ({ file }, session) => {
    const project = session.project();
    const { conflicts } = await previewMerge(project, file);
    return conflicts.map((conflict) => ({
      ...conflict,
      imagePath: imageOf(project, conflict)?.path ?? null,
    }));
  },
  'handout.merge': ({ file, there }, session) =>
    session.steps.take(async () => {
      const theirs = new Set(there);
      const decide = ({ here, there: other }: MergeConflict) =>
        theirs.has((here ?? other)!.id) ? 'there' : 'here';
      const report = await mergeHandout(session.project(), file, decide);
      announceChange(session);
      const { added, updated, removed, leftOut } = report;
      return { added, updated, removed, leftOut: leftOut.length };
    }),
};

function imageOf(project: ProjectDatabase, { here, there }: MergeConflict): ImageRecord | null {
  const record = (here ?? there)!;
  if (record.kind === 'category') return null;
  return project.image(record.kind === 'image' ? record.id : record.imageId);
}
