import type { AnswerMask } from '../../../../core/prompt.ts';
import type { MaskEvidence } from '../../../model.ts';

/** A mask at image size, its score, and what that is made of. */
export interface CutMask extends Omit<AnswerMask, 'region' | 'label' | 'candidates'> {
  readonly evidence: MaskEvidence;
  /** Other masks that the same marks may mean. */
  readonly others?: readonly CutMask[];
}
