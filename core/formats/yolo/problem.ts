import { failure, type AppError } from '../../errors.ts';
import type { PartsOf } from '../../sentences.ts';
import type { yoloSentences } from './sentences.ts';

type Name = keyof typeof yoloSentences.english;

/** What is wrong or doubtful with a row; its message is a clause. */
export function yoloProblem<Chosen extends Name>(name: Chosen, parts: PartsOf<Chosen>): AppError {
  return failure('invalid-input', name, parts);
}
