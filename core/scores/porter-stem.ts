/**
 * The stem of an English word (Porter, An algorithm for suffix stripping, 1980), with the
 * amendments that NLTK makes by default, so that METEOR matches the words that NLTK's does. Lower
 * case.
 */
export function porterStem(word: string): string {
  const lower = word.toLowerCase();
  const irregular = irregularStems.get(lower);
  if (irregular !== undefined) return irregular;
  if (lower.length <= 2) return lower;
  let stem = withoutParticiple(withoutPlural(lower));
  if (stem.endsWith('y') && stem.length > 2 && isConsonant(stem, stem.length - 2)) {
    stem = `${stem.slice(0, -1)}i`;
  }
  stem = simplifySuffix(stem);
  stem = applyFirst(stem, derivations, 0);
  stem = dropSuffix(stem);
  return tidy(stem);
}

const irregularStems = new Map([
  ...['sky', 'skies'].map((word) => [word, 'sky'] as const),
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ...['inning', 'outing', 'canning'].flatMap((word) => [
    [word, word] as const,
    [`${word}s`, word] as const,
  ]),
  ...['howe', 'proceed', 'exceed', 'succeed'].map((word) => [word, word] as const),
]);

/** A y counts as a consonant where it begins a word or follows a vowel. */
function isConsonant(word: string, at: number): boolean {
  if ('aeiou'.includes(word[at]!)) return false;
  return word[at] !== 'y' || at === 0 || !isConsonant(word, at - 1);
}

/** How often a vowel is followed by a consonant: the m of [C](VC)^m[V]. */
function measure(stem: string): number {
  let count = 0;
  for (let at = 1; at < stem.length; at++) {
    if (isConsonant(stem, at) && !isConsonant(stem, at - 1)) count++;
  }
  return count;
}

function hasVowel(stem: string): boolean {
  return [...stem].some((_, at) => !isConsonant(stem, at));
}

/** Ends consonant, vowel, consonant other than w, x and y; or is vowel, consonant. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  if (last < 1 || !isConsonant(word, last) || isConsonant(word, last - 1)) return false;
  return last === 1 || (isConsonant(word, last - 2) && !'wxy'.includes(word[last]!));
}

/** Step 1a. */
function withoutPlural(word: string): string {
  if (word.endsWith('ies')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('sses')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/** Step 1b. */
function withoutParticiple(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((ending) => {
    return word.endsWith(ending) && hasVowel(word.slice(0, -ending.length));
  });
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  const last = stem.at(-1)!;
  const isDoubled = stem.length > 1 && stem.at(-2) === last && isConsonant(stem, stem.length - 1);
  if (isDoubled) return 'lsz'.includes(last) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

/** Suffixes and what stands in their place, in the order in which they are tried. */
type Rules = readonly (readonly [suffix: string, replacement: string])[];

const simplifications: Rules = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['fulli', 'ful'],
];

const derivations: Rules = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

/**
 * Only the first rule whose suffix the word has is tried; it applies when the stem's measure is
 * above `least`.
 */
function applyFirst(word: string, rules: Rules, least: number): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const stem = word.slice(0, word.length - rule[0].length);
  return measure(stem) > least ? stem + rule[1] : word;
}

/** Step 2. */
function simplifySuffix(word: string): string {
  if (word.endsWith('alli') && measure(word.slice(0, -4)) > 0) {
    return simplifySuffix(word.slice(0, -2));
  }
  if (word.endsWith('logi')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  return applyFirst(word, simplifications, 0);
}

const dropped =
  'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'.split(' ');

/** Step 4. */
function dropSuffix(word: string): string {
  const suffix = dropped.find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (suffix === 'ion' && !/[st]$/.test(stem)) return word;
  return measure(stem) > 1 ? stem : word;
}

/** Step 5. */
function tidy(word: string): string {
  const shorter = word.slice(0, -1);
  if (word.endsWith('e')) {
    const count = measure(shorter);
    return count > 1 || (count === 1 && !endsShort(shorter)) ? tidyDouble(shorter) : word;
  }
  return tidyDouble(word);
}

function tidyDouble(word: string): string {
  return word.endsWith('ll') && measure(word.slice(0, -1)) > 1 ? word.slice(0, -1) : word;
}
