import type { AnswerMask } from '../../../../core/prompt.ts';
import type { MaskEvidence } from '../../../model.ts';

/** A mask at image size, its score, and what that is made of. */
export type CutMask = Omit<AnswerMask, 'region' | 'label'> & { readonly evidence: MaskEvidence };
