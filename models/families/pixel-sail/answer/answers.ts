import type { Tokenizer } from '../processor/tokenizer.ts';

/** The text of one `[SEG]`. */
export interface SegLabel {
  /**
   * The words before it, for instance a category; null when they only carry the answer ("It is").
   */
  readonly label: string | null;
  /** The visual prompt that it names, if any. */
  readonly promptId: number | null;
  /** Whether the answer says that there is nothing to find. */
  readonly isAbsent: boolean;
}

/** Words of the reference's answers that say nothing about the object. */
const carrierPhrase = /^(it is|sure|sure,? it is|sure,? the segmentation result is)$/i;

/** The label of every `[SEG]` in the tokens of a question and its answer, in order. */
export function segLabels(
  tokens: readonly number[],
  segId: number,
  tokenizer: Pick<Tokenizer, 'decode'>,
): SegLabel[] {
  const labels: SegLabel[] = [];
  let start = 0;
  tokens.forEach((token, index) => {
    if (token !== segId) return;
    labels.push(readLabel(tokenizer.decode(tokens.slice(start, index))));
    start = index + 1;
  });
  return labels;
}

function readLabel(textBefore: string): SegLabel {
  const text = textBefore.split('<|im_end|>').at(-1)!;
  const promptId = /<Prompt(\d+)>(?!.*<Prompt)/s.exec(text)?.[1];
  const phrase = /<p>([^<]*)<\/p>\s*$/.exec(text)?.[1];
  const words = trimPunctuation(phrase ?? withoutSpecialTokens(text));
  const isAbsent = /no target$/i.test(words);
  return {
    label: words === '' || isAbsent || carrierPhrase.test(words) ? null : words,
    promptId: promptId === undefined ? null : Number(promptId),
    isAbsent,
  };
}

function withoutSpecialTokens(text: string): string {
  return text.replace(/<\|[^|]*\|>|<\/?\w+>|\[SEG\]/g, '');
}

function trimPunctuation(text: string): string {
  return text.replace(/^[\s.,;:]+|[\s.,;:]+$/g, '');
}

/**
 * An answer as people read it: no markers of masks, phrases or ends, no leading `<Prompt0>:`.
 * Other names of regions stay, because they are part of what is said.
 */
export function readableText(text: string): string {
  return text
    .replace(/<\|[^|]*\|>|<\/?p>|<\/?v\w+>|\[SEG\]/g, '')
    .replace(/^\s*<Prompt\d+>\s*:/, '')
    .replace(/ +([.,;:])/g, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Splits a growing text into what can be shown already: new words since the last call. */
export class TextStream {
  #shown = '';

  /**
   * `text` is everything decoded so far. Held back are a character that lacks bytes and a name
   * that may be the lead.
   */
  next(text: string): string {
    const readable = readableText(text.replace(/\uFFFD+$/, ''));
    if (/^<Prompt\d+>$/.test(readable) || !readable.startsWith(this.#shown)) return '';
    const added = readable.slice(this.#shown.length);
    this.#shown = readable;
    return added;
  }
}
