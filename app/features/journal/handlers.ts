import type { Diff } from '../../../core/diff.ts';
import { AppError } from '../../../core/errors.ts';
import type { GradualOptions, GradualStep } from '../../../db/project.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { AppliedStep, UndoState } from '../../api/contract/journal.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import type { HandlersOf, Session } from '../../session.ts';

export const journalHandlers: HandlersOf<'journal'> = {
  'journal.apply': ({ label, diff, imageId }, session) =>
    session.steps.take(async () => {
      const database = session.project();
      const options = imageId ? { imageId } : {};
      const { stepId } = await database.gradually.apply(label, diff, options);
      announceStep(session, diff);
      return { stepId, label, ...undoState(database) };
    }),
  'journal.undo': (_, session) =>
    session.steps.take(() =>
      takeStep(session, 'Undo', 'undo', (database, options) => database.gradually.undo(options)),
    ),
  'journal.redo': (_, session) =>
    session.steps.take(() =>
      takeStep(session, 'Redo', 'redo', (database, options) => database.gradually.redo(options)),
    ),
  'journal.travelTo': ({ stepId }, session) =>
    session.steps.take(() =>
      takeStep(session, 'Undo or redo', stepId, (database, options) =>
        database.gradually.travelTo(stepId, options),
      ),
    ),
  'journal.undoState': (_, session) => undoState(session.project()),
  'journal.history': (page, { projects }) => projects.require().history(withoutUndefined(page)),
  'journal.people': (_, { projects }) => projects.require().people(),
};

/**
 * Takes a step for a window, tells the others, and adds what can be undone and redone after it. A step that changes little can
 * be taken back by hand; before another, the project is copied. A step that was cancelled is none: its job tells of it.
 */
async function takeStep(
  session: Session,
  label: string,
  step: 'undo' | 'redo' | number,
  take: (database: ProjectDatabase, options: GradualOptions) => Promise<GradualStep | null>,
): Promise<AppliedStep | null> {
  const { projects, jobs } = session;
  const database = session.project();
  const isLarge = database.isLargeStep(step);
  try {
    const taken = await jobs.during(
      label,
      async ({ signal, progress }) => {
        if (isLarge) await projects.backupBeforeLargeStep();
        return take(database, { signal, progress });
      },
      (found) => ({ stepId: found?.stepId ?? null }),
    );
    if (!taken) return null;
    announceStep(session, taken.diff);
    return { ...taken, ...undoState(database) };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'cancelled') return null;
    throw thrown;
  }
}

/** Tells the other windows of a step. */
function announceStep({ window, windows, emit }: Session, diff: Diff | null): void {
  if (window === undefined || windows.others(window).length === 0) return;
  emit('journal:changed', { window, diff: diff && isSmall(diff) ? diff : null });
}

function undoState({ canUndo, canRedo }: ProjectDatabase): UndoState {
  return { canUndo, canRedo };
}

/** With more records it is quicker to read again what is shown. */
const sentRecords = 2000;

function isSmall({ added, updated, removed }: Diff): boolean {
  const counts = [added, updated, removed].map((records) => Object.keys(records).length);
  return counts.reduce((sum, count) => sum + count, 0) <= sentRecords;
}
