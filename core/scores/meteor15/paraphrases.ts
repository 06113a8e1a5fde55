/** The paraphrases of a phrase, in the order of Meteor's table. */
export type Paraphrases = (phrase: string) => readonly (readonly string[])[];

/** Words of the longest phrase of Meteor's English table. */
const longestPhrase = 7;

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
 */
export async function readParaphrases(
  lines: AsyncIterable<string>,
  phrases: ReadonlySet<string>,
): Promise<Paraphrases> {
  const found = new Map<string, string[][]>();
  const row: string[] = [];
  let rest = '';
  for await (const part of lines) {
    const whole = (rest + part).split('\n');
    rest = whole.pop()!;
    for (const line of whole) {
      row.push(line);
      if (row.length < 3) continue;
      const [, phrase, paraphrase] = row.splice(0) as [string, string, string];
      if (!phrases.has(phrase) || !phrases.has(paraphrase)) continue;
      const others = found.get(phrase) ?? [];
      others.push(paraphrase.split(' '));
      found.set(phrase, others);
    }
  }
  return (phrase) => found.get(phrase) ?? [];
}
