/**
 * The stem of an English word in lower case (Porter2, the English stemmer of Snowball), in the
 * version of Meteor 1.5, which knows fewer exceptions than later ones.
 */
export function englishStem(word: string): string {
  const exception = exceptions.get(word);
  if (exception !== undefined) return exception;
  if (word.length < 3) return word;
  const marked = markConsonants(word.replace(/^'/, ''));
  const stem = withoutPlural(marked.replace(/('s'|'s|')$/, ''));
  // Regions begin where they began in the whole word.
  const regions = regionsOf(marked);
  return (invariant.has(stem) ? stem : withoutSuffixes(stem, regions)).replaceAll('Y', 'y');
}

const exceptions = new Map([
  ['skis', 'ski'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['idly', 'idl'],
  ['gently', 'gentl'],
  ['ugly', 'ugli'],
  ['early', 'earli'],
  ['only', 'onli'],
  ['singly', 'singl'],
  ...['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map(
    (word) => [word, word] as const,
  ),
]);

/** Left as they are once the plural is taken off. */
const invariant = new Set(
  'inning outing canning herring earring proceed exceed succeed'.split(' '),
);

/** Where the two regions of a word begin, in which suffixes are taken off. */
interface Regions {
  readonly first: number;
  readonly second: number;
}

/** A capital Y is a consonant: at the beginning, and after a vowel. */
function markConsonants(word: string): string {
  return word.replace(/^y/, 'Y').replace(/([aeiouy])y/g, '$1Y');
}

function regionsOf(word: string): Regions {
  const prefix = /^(?:gener|commun|arsen)/.exec(word);
  const first = prefix ? prefix[0].length : afterConsonant(word, 0);
  return { first, second: afterConsonant(word, first) };
}

/** Behind the first consonant that follows a vowel, from a place on; else the end. */
function afterConsonant(word: string, from: number): number {
  const found = /[aeiouy][^aeiouy]/.exec(word.slice(from));
  return found ? from + found.index + 2 : word.length;
}

/** Step 1a. */
function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/[us]s$/.test(word)) return word;
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word;
}

/** Steps 1b to 5. */
function withoutSuffixes(word: string, regions: Regions): string {
  const stem = withoutParticiple(word, regions).replace(/(?<=.[^aeiouy])[yY]$/, 'i');
  const second = replaceSuffix(stem, secondStep, regions);
  const third = replaceSuffix(second, thirdStep, regions);
  return tidy(replaceSuffix(third, fourthStep, regions), regions);
}

/** Step 1b. */
function withoutParticiple(word: string, { first }: Regions): string {
  const suffix = /(?:eedly|ingly|edly|eed|ing|ed)$/.exec(word)?.[0];
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (suffix.startsWith('ee')) return stem.length >= first ? `${stem}ee` : word;
  if (!/[aeiouy]/.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) return stem.slice(0, -1);
  return stem.length <= first && endsShort(stem) ? `${stem}e` : stem;
}

/** Whether a word ends in a short syllable. */
function endsShort(word: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word);
}

/** The replacement of a suffix in a region, behind some letters. */
interface Rule {
  readonly suffix: string;
  readonly replacement: string;
  readonly region: keyof Regions;
  readonly after?: RegExp;
}

/** The longest suffix that a word has decides, also where its rule does not apply. */
function replaceSuffix(word: string, rules: readonly Rule[], regions: Regions): string {
  const rule = rules.find(({ suffix }) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const stem = word.slice(0, word.length - rule.suffix.length);
  const applies = stem.length >= regions[rule.region] && (rule.after?.test(stem) ?? true);
  return applies ? stem + rule.replacement : word;
}

/** Rules that give many suffixes one replacement; the longest suffix first. */
function rulesOf(
  rows: readonly (readonly [suffixes: string, replacement: string, rest?: Partial<Rule>])[],
): Rule[] {
  return rows
    .flatMap(([suffixes, replacement, rest]) =>
      suffixes.split(' ').map((suffix): Rule => {
        return { suffix, replacement, region: 'first', ...rest };
      }),
    )
    .sort((a, b) => b.suffix.length - a.suffix.length);
}

const secondStep = rulesOf([
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['entli', 'ent'],
  ['izer ization', 'ize'],
  ['ational ation ator', 'ate'],
  ['alism aliti alli', 'al'],
  ['fulness fulli', 'ful'],
  ['ousli ousness', 'ous'],
  ['iveness iviti', 'ive'],
  ['biliti bli', 'ble'],
  ['ogi', 'og', { after: /l$/ }],
  ['lessli', 'less'],
  ['li', '', { after: /[cdeghkmnrt]$/ }],
]);

const thirdStep = rulesOf([
  ['tional', 'tion'],
  ['ational', 'ate'],
  ['alize', 'al'],
  ['icate iciti ical', 'ic'],
  ['ful ness', ''],
  ['ative', '', { region: 'second' }],
]);

const fourthStep = rulesOf([
  [
    'al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize',
    '',
    { region: 'second' },
  ],
  ['ion', '', { region: 'second', after: /[st]$/ }],
]);

/** Step 5. */
function tidy(word: string, { first, second }: Regions): string {
  const stem = word.slice(0, -1);
  const isIn = (region: number) => stem.length >= region;
  const isDropped = word.endsWith('e')
    ? isIn(second) || (isIn(first) && !endsShort(stem))
    : word.endsWith('ll') && isIn(second);
  return isDropped ? stem : word;
}
