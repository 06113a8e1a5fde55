import type { Diff } from '../../../core/diff.ts';
import type { StepLabel } from '../../../core/project/step-labels.ts';
import type { RecordId } from '../../../core/records.ts';
import type { Session } from '../../session.ts';
import { announceStep } from './announce-step.ts';

/**
 * Takes a change that the application makes for a window as one step of its journal, and tells
 * the other windows.
 */
export function takeChange(
  session: Session,
  label: StepLabel,
  diff: Diff,
  imageId: RecordId,
): Promise<void> {
  return session.steps.take(async () => {
    await session.project().gradually.apply(label, diff, { imageId });
    announceStep(session, diff);
  });
}
