import { toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import { say, type PartsOf, type SentenceName } from '../../core/sentences.ts';
import { text } from './text.svelte.ts';

/**
 * What failed and what to do, in the language of the interface. Where that has no words for it, it says what kind of
 * failure it is and gives the English words beneath, so that nothing is lost.
 * @param failed what was thrown, or the envelope of it
 */
export function failureText(failed: unknown): string {
  const { code, message, detail, sentence } = isEnvelope(failed) ? failed : toErrorEnvelope(failed);
  if (!sentence) return text.otherFailure(code, message);
  return say(text.failures, sentence, detail as PartsOf<SentenceName>);
}

function isEnvelope(failed: unknown): failed is ErrorEnvelope {
  return typeof failed === 'object' && failed !== null && 'sentence' in failed;
}
