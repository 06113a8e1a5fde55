import type { EverythingEvaluation } from './evaluate-everything.ts';
import type { MaskEvaluation } from './evaluate-masks.ts';
import type { PresenceEvaluation } from './evaluate-presence.ts';
import type { WordEvaluation } from './evaluate-words.ts';

/** What evaluating one file gives, by what was asked. */
export type Scores = MaskEvaluation | WordEvaluation | EverythingEvaluation | PresenceEvaluation;
