import type { MergeConflict } from '../../../core/project/merge-changes.ts';
import type { ImageRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { HandlersOf } from '../../session.ts';
import { previewMerge } from './merge-handout.ts';

export const handoutHandlers: HandlersOf<'handout'> = {
  'handout.preview': async ({ file }, session) => {
    const project = session.project();
    const { conflicts, changesNothing } = await previewMerge(project, file);
    return {
      changesNothing,
      conflicts: conflicts.map((conflict) => ({
        ...conflict,
        imagePath: imageOf(project, conflict)?.path ?? null,
      })),
    };
  },
};

function imageOf(project: ProjectDatabase, { here, there }: MergeConflict): ImageRecord | null {
  const record = (here ?? there)!;
  if (record.kind === 'category') return null;
  return project.image(record.kind === 'image' ? record.id : record.imageId);
}
