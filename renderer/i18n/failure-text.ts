import { toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import { formatSentences } from '../../core/formats/registry.ts';
import { sayAgain, type Dictionary } from '../../core/sentence-set.ts';
import { text } from './text.svelte.ts';

/**
 * What failed and what to do, in the language of the interface. Where that has no words for it, it says what kind of
 * failure it is and gives the English words beneath, so that nothing is lost.
 * @param failed what was thrown, or the envelope of it
 */
export function failureText(failed: unknown): string {
  const { code, message, detail, sentence } = isEnvelope(failed) ? failed : toErrorEnvelope(failed);
  const dictionary = sentence === null ? undefined : dictionaryOf(sentence);
  if (!dictionary) return text.otherFailure(code, message);
  return sayAgain(dictionary, sentence!, detail);
}

/** Where a sentence stands: among those of the program, or of a format. */
function dictionaryOf(sentence: string): Dictionary | undefined {
  const dictionaries = [
    text.failures,
    ...formatSentences.map((set) => text.inThisLanguage(set) as Dictionary),
  ];
  return dictionaries.find((dictionary) => Object.hasOwn(dictionary, sentence));
}

function isEnvelope(failed: unknown): failed is ErrorEnvelope {
  return typeof failed === 'object' && failed !== null && 'sentence' in failed;
}
