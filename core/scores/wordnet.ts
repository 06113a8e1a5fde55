/** A part of speech of WordNet's files, by what their names end with. */
export const wordnetParts = ['noun', 'verb', 'adj', 'adv'] as const;
export type WordnetPart = (typeof wordnetParts)[number];

/** The text of the files of one part of speech, read as Latin-1, so that a byte is a character. */
export interface WordnetFiles {
  /** `index.noun`: words and where their synsets begin in `data`. */
  readonly index: string;
  /** `data.noun`: synsets and their words. */
  readonly data: string;
  /** `noun.exc`: irregular forms and their words. */
  readonly exceptions: string;
}

/** Endings and what stands in their place in a word's base form, as WordNet's `morphy` has them. */
const endings: Readonly<Record<WordnetPart, readonly (readonly [ending: string, base: string])[]>> =
  {
    noun: [
      ['s', ''],
      ['ses', 's'],
      ['ves', 'f'],
      ['xes', 'x'],
      ['zes', 'z'],
      ['ches', 'ch'],
      ['shes', 'sh'],
      ['men', 'man'],
      ['ies', 'y'],
    ],
    verb: [
      ['s', ''],
      ['ies', 'y'],
      ['es', 'e'],
      ['es', ''],
      ['ed', 'e'],
      ['ed', ''],
      ['ing', 'e'],
      ['ing', ''],
    ],
    adj: [
      ['er', ''],
      ['est', ''],
      ['er', 'e'],
      ['est', 'e'],
    ],
    adv: [],
  };

interface PartOfSpeech {
  readonly data: string;
  /** Where the synsets of a word begin in `data`. */
  readonly offsets: ReadonlyMap<string, readonly number[]>;
  readonly exceptions: ReadonlyMap<string, readonly string[]>;
}

/** The synonyms of WordNet (Princeton University), as NLTK's reader finds them. */
export class Wordnet {
  readonly #parts: readonly (readonly [WordnetPart, PartOfSpeech])[];
  readonly #known = new Map<string, ReadonlySet<string>>();

  /** @param files of each part of speech, in the format of wndb(5). */
  constructor(files: Readonly<Record<WordnetPart, WordnetFiles>>) {
    this.#parts = wordnetParts.map((part) => {
      const { index, data, exceptions } = files[part];
      return [part, { data, offsets: readIndex(index), exceptions: readExceptions(exceptions) }];
    });
  }

  /**
   * The single words of all synsets that a word, or its base form, is in; spelled as WordNet does.
   */
  synonyms(word: string): ReadonlySet<string> {
    const known = this.#known.get(word);
    if (known) return known;
    const found = new Set<string>();
    for (const [name, part] of this.#parts) {
      for (const form of baseForms(word.toLowerCase(), name, part)) {
        for (const offset of part.offsets.get(form)!) {
          for (const each of synsetWords(part.data, offset)) found.add(each);
        }
      }
    }
    this.#known.set(word, found);
    return found;
  }

  /** Whether any part of speech has a word, as it is written. */
  has(word: string): boolean {
    return this.#parts.some(([, { offsets }]) => offsets.has(word));
  }

  /** Where the synsets of a word begin in the data files, as the word is written. */
  offsets(word: string): readonly number[] {
    return this.#parts.flatMap(([, { offsets }]) => offsets.get(word) ?? []);
  }

  /** The bases of an irregular form in all parts of speech. */
  bases(form: string): readonly string[] {
    return this.#parts.flatMap(([, { exceptions }]) => exceptions.get(form) ?? []);
  }
}

function readIndex(text: string): Map<string, number[]> {
  const offsets = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    // The licence stands before the words, in lines that begin with a space.
    if (line === '' || line.startsWith(' ')) continue;
    const fields = line.trimEnd().split(' ');
    offsets.set(fields[0]!, fields.slice(-Number(fields[2])).map(Number));
  }
  return offsets;
}

function readExceptions(text: string): Map<string, string[]> {
  const rows = text.split('\n').map((line) => line.trim().split(' '));
  return new Map(rows.map(([form, ...bases]) => [form!, bases]));
}

/** The word itself and its base forms, as far as the part of speech has them. */
function baseForms(
  word: string,
  name: WordnetPart,
  { offsets, exceptions }: PartOfSpeech,
): string[] {
  const bases =
    exceptions.get(word) ??
    endings[name].flatMap(([ending, base]) =>
      word.endsWith(ending) ? [word.slice(0, word.length - ending.length) + base] : [],
    );
  return [...new Set([word, ...bases])].filter((form) => offsets.has(form));
}

/**
 * `offset file type count word id word id …`, the count in hexadecimal; some words end in a marker
 * such as `(a)`.
 */
function synsetWords(data: string, offset: number): string[] {
  const fields = data.slice(offset, data.indexOf('\n', offset)).split(' ');
  const count = parseInt(fields[3]!, 16);
  return Array.from({ length: count }, (_, index) => fields[4 + 2 * index]!)
    .filter((word) => !word.includes('_'))
    .map((word) => word.replace(/\(.*\)$/, ''));
}
