/** Places in WordNet's files where the synsets of a word begin. */
export type Synsets = (word: string) => ReadonlySet<number>;

/** Words and forms of WordNet, or of Meteor's own tables of it. */
export interface SynsetDictionary {
  /** Whether any part of speech has a word, as it is written. */
  has(word: string): boolean;
  /** Where the synsets of a word begin, as the word is written. */
  offsets(word: string): readonly number[];
  /** The bases of an irregular form in all parts of speech. */
  bases(form: string): readonly string[];
}

/** Endings and what stands in their place, in the order in which they are tried. */
const endings = (
  's: ses:s xes:x zes:z ches:ch shes:sh men:man ies:y ' +
  's: ies:y es:e es: ed:e ed: ing:e ing: er: est: er:e est:e'
)
  .split(' ')
  .map((row) => row.split(':') as [ending: string, base: string]);

/**
 * Synsets of a word and of its base form, as Meteor 1.5 takes them. It compares places in the
 * files without regard to the part of speech, so two words also match where a noun's synset and
 * a verb's begin at the same place. Its tables are WordNet 3.0's; in other editions, other words
 * match by such a chance.
 */
export function synsetsOf(wordnet: SynsetDictionary): Synsets {
  const known = new Map<string, ReadonlySet<number>>();
  return (word) => {
    const found =
      known.get(word) ??
      new Set([word, ...baseForms(word, wordnet)].flatMap((form) => wordnet.offsets(form)));
    known.set(word, found);
    return found;
  };
}

/** The bases of an irregular form, or the first regular one that WordNet has. */
function baseForms(word: string, wordnet: SynsetDictionary): readonly string[] {
  const irregular = wordnet.bases(word);
  if (irregular.length > 0) return irregular;
  if (word.endsWith('ss') || word.length <= 2) return [];
  const regular = endings
    .filter(([ending]) => word.endsWith(ending))
    .map(([ending, base]) => word.slice(0, word.length - ending.length) + base)
    .find((form) => wordnet.has(form));
  return regular === undefined ? [] : [regular];
}
