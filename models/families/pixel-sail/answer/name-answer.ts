import { chatPrompt, stopTokens } from '../processor/chat.ts';
import { noTargetAnswer, segmentationAnswer } from '../processor/templates.ts';
import type { Tokenizer } from '../processor/tokenizer.ts';
import { readInPieces, type NextTokens } from '../network/generate.ts';
import { tokenProbability } from '../network/likelihood.ts';
import type { Network, Past } from '../network/network.ts';

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

/**
 * Reads a question about a name and "It is [SEG]." after it: by how much the model would rather
 * affirm than deny before it is made to affirm, in logits, and the state [h] of the `[SEG]`.
 * @throws AppError `cancelled` when the signal aborts between two reads.
 */
export async function readName(
  network: Pick<Network, 'config' | 'readText'>,
  tokenizer: Pick<Tokenizer, 'encode'>,
  past: Past,
  question: string,
  signal: AbortSignal | undefined,
): Promise<{ affirmed: number; state: Float32Array }> {
  const asked = await readInPieces(network, tokenizer.encode(chatPrompt(question)), past, signal);
  const affirmation = tokenizer.encode(segmentationAnswer);
  const [denial] = tokenizer.encode(noTargetAnswer);
  const affirmed = asked.logits[affirmation[0]!]! - asked.logits[denial!]!;
  const { hidden_size: width, special_token_ids: special } = network.config;
  const end = affirmation.indexOf(special['[SEG]']!) + 1;
  const { hidden } = await readInPieces(network, affirmation.slice(0, end), asked.past, signal);
  return { affirmed, state: hidden.slice(-width) };
}
