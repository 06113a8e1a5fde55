import { stopTokens } from '../processor/chat.ts';
import { noTargetAnswer, segmentationAnswer } from '../processor/templates.ts';
import type { Tokenizer } from '../processor/tokenizer.ts';
import type { NextTokens } from '../network/generate.ts';
import { tokenProbability } from '../network/likelihood.ts';

/**
 * The answer to a question about a name, in one of the two forms of training: that there is no
 * target, where the model finds the first word of that likelier than `absenceThreshold` (0 to 1),
 * else that "It is [SEG].". Two reads instead of one for each word.
 */
export function nameAnswer(
  tokenizer: Pick<Tokenizer, 'encode'>,
  absenceThreshold: number,
): NextTokens {
  const [denial, affirmation] = [noTargetAnswer, segmentationAnswer].map((answer) =>
    tokenizer.encode(answer),
  ) as [number[], number[]];
  let isSaid = false;
  return (logits) => {
    if (isSaid) return tokenizer.encode(stopTokens[0]);
    isSaid = true;
    return tokenProbability(logits, denial[0]!) > absenceThreshold ? denial : affirmation;
  };
}
