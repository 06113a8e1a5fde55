import { AppError } from '../../errors.ts';

/** The paraphrases of a phrase, in the order of Meteor's table. */
export type Paraphrases = (phrase: string) => readonly (readonly string[])[];

/** Words of the longest phrase of Meteor's English table. */
const longestPhrase = 7;
/** Characters of a line that no phrase has; a damaged file may be one line of gigabytes. */
const mostCharacters = 10_000;

/** All phrases of texts that the table could have. */
export function phrasesOf(texts: Iterable<readonly string[]>): Set<string> {
  const phrases = new Set<string>();
  for (const words of texts) {
    for (let start = 0; start < words.length; start++) {
      const last = Math.min(words.length, start + longestPhrase);
      for (let end = start + 1; end <= last; end++) phrases.add(words.slice(start, end).join(' '));
    }
  }
  return phrases;
}

/**
 * Reads Meteor's table, three lines for each pair: a probability, a phrase and its paraphrase.
 * Only pairs that some texts can use are kept: the whole table has millions.
 * @param lines parts of the table, cut anywhere
 * @param phrases of the texts
 * @throws AppError `invalid-input` for what is no such table
 */
export async function readParaphrases(
  lines: AsyncIterable<string>,
  phrases: ReadonlySet<string>,
): Promise<Paraphrases> {
  const found = new Map<string, string[][]>();
  let pairs = 0;
  const row: string[] = [];
  const take = (line: string): void => {
    row.push(line);
    if (row.length < 3) return;
    const [probability, phrase, paraphrase] = row.splice(0) as [string, string, string];
    if (!(Number(probability) >= 0)) throw noTable(`"${probability.slice(0, 40)}"`);
    pairs++;
    if (!phrases.has(phrase) || !phrases.has(paraphrase)) return;
    const others = found.get(phrase) ?? [];
    others.push(paraphrase.split(' '));
    found.set(phrase, others);
  };
  let rest = '';
  for await (const part of lines) {
    const whole = (rest + part).split('\n');
    rest = whole.pop()!;
    if (rest.length > mostCharacters) throw noTable(`a line over ${mostCharacters} characters`);
    for (const line of whole) take(line);
  }
  if (rest !== '') take(rest);
  if (pairs === 0) throw noTable('no such pair');
  return (phrase) => found.get(phrase) ?? [];
}

function noTable(found: string): AppError {
  return new AppError(
    'invalid-input',
    `Expected three lines for each pair of phrases, a number first; found ${found}.`,
  );
}
