import { toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import { text } from './text.svelte.ts';

/**
 * The failure and its remedy in the language of the interface. Where that has no words for it, it
 * says what kind of failure it is and gives the English words beneath, so that nothing is lost.
 * @param failed what was thrown, or the envelope of it
 */
export function failureText(failed: unknown): string {
  const { code, message, chinese } = isEnvelope(failed) ? failed : toErrorEnvelope(failed);
  if (chinese === undefined) return text.otherFailure(code, message);
  return text.inThisLanguage({ english: message, chinese });
}

function isEnvelope(failed: unknown): failed is ErrorEnvelope {
  return (
    typeof failed === 'object' &&
    failed !== null &&
    !(failed instanceof Error) &&
    'sentence' in failed
  );
}
