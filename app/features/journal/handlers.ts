import { AppError } from '../../../core/errors.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { AppliedStep, UndoState } from '../../api/contract/journal.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { announceStep } from './announce-step.ts';
import { takeStep } from '../../jobs/kinds/take-step.ts';
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
  'journal.undo': (_, session) => session.steps.take(() => step(session, 'undo')),
  'journal.redo': (_, session) => session.steps.take(() => step(session, 'redo')),
  'journal.travelTo': ({ stepId }, session) => session.steps.take(() => step(session, stepId)),
  'journal.undoState': (_, session) => undoState(session.project()),
  'journal.history': (page, { projects }) => projects.require().history(withoutUndefined(page)),
  'journal.people': (_, { projects }) => projects.require().people(),
};

/**
 * Takes a step for a window, tells the others, and adds what can be undone and redone after it. A
 * step that was cancelled is none: its job tells of it.
 */
async function step(session: Session, to: 'undo' | 'redo' | number): Promise<AppliedStep | null> {
  const database = session.project();
  try {
    const { taken } = await session.jobs.run(takeStep, { step: to }, session.window);
    if (!taken) return null;
    announceStep(session, taken.diff);
    return { ...taken, ...undoState(database) };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'cancelled') return null;
    throw thrown;
  }
}

function undoState({ canUndo, canRedo }: ProjectDatabase): UndoState {
  return { canUndo, canRedo };
}
