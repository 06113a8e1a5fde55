let segmenter: Intl.Segmenter | null = null;

/**
 * The words of a text in lower case, without punctuation, as Unicode divides them; of Chinese too.
 */
export function wordsIn(text: string): string[] {
  // Every process knows the tasks, few divide words, and making one takes milliseconds.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return [...segmenter.segment(text.normalize('NFC').toLowerCase())].flatMap((part) =>
    part.isWordLike ? [part.segment] : [],
  );
}

/** Whether a text is written in Chinese characters, at least in part. */
export function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

/** The normal form of a text, without case, spaces and punctuation. */
export function plainWords(text: string): string {
  return wordsIn(text).join(' ');
}

/** Whether a text has these words in a row; a plural counts as its singular. */
export function hasWords(text: string, words: string): boolean {
  // The end of a Chinese word is a guess that depends on the characters beside it.
  if (isChinese(words)) return text.includes(words.trim());
  const [within, wanted] = [text, words].map((one) => ` ${plainWords(one)} `) as [string, string];
  if (wanted.trim() === '') return false;
  return within.includes(wanted) || within.replace(/s /g, ' ').includes(wanted.replace(/s /g, ' '));
}
