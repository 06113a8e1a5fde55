import type { EverythingEvaluation } from './evaluate-everything.ts';
import type { MaskEvaluation } from './evaluate-masks.ts';
import type { PresenceEvaluation } from './evaluate-presence.ts';
import type { WordEvaluation } from './evaluate-words.ts';

/** The evaluation of one file, by kind of prompt. */
export type Scores = MaskEvaluation | WordEvaluation | EverythingEvaluation | PresenceEvaluation;
