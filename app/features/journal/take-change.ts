import type { Diff } from '../../../core/diff.ts';
import type { StepLabel } from '../../../core/project/step-labels.ts';
import type { RecordId } from '../../../core/records.ts';
import type { Session } from '../../session.ts';
import { announceStep } from './announce-step.ts';

/**
 * Takes a change that the application makes for a window as one step of its journal, and tells
 * the other windows.
 * @param change makes the change when the steps before it are taken, for it may depend on them
 */
export function takeChange(
  session: Session,
  label: StepLabel,
  change: () => Diff,
  imageId: RecordId,
): Promise<void> {
  return session.steps.take(async () => {
    const diff = change();
    await session.project().gradually.apply(label, diff, { imageId });
    announceStep(session, diff);
  });
}
