const letters =
  'A-Za-zŠŽšžŸÀ-ÖØ-öø-ž\\u0400-\\u04ff\\u0500-\\u0527\\ua640-\\ua66e\\ua67e-\\ua697\\u1d00-\\u1d7f';
const letter = `[${letters}]`;
const hasLetter = new RegExp(letter, 'u');
const alphanumeric = `[0-9${letters}]`;

/** Marks and their replacements, in this order. */
const replacements: readonly (readonly [found: RegExp, replacement: string])[] = [
  // Other marks are words of their own.
  [new RegExp(`([^0-9${letters}\\s.'\`,\\-‘’])`, 'gu'), ' $1 '],
  [/[`‘’]/g, "'"],
  [/[“”]|''/g, ' " '],
  [/–|--/g, '-'],
  // Parts of a compound are words.
  [new RegExp(`(${alphanumeric}|\\.)-(${alphanumeric})`, 'gu'), '$1 $2'],
  // An apostrophe begins the second word of a contraction.
  [new RegExp(`([^${letters}])'([^${letters}])`, 'gu'), "$1 ' $2"],
  [new RegExp(`([^0-9${letters}])'(${letter})`, 'gu'), "$1 ' $2"],
  [new RegExp(`(${letter})'([^${letters}])`, 'gu'), "$1 ' $2"],
  [new RegExp(`(${letter})'(${letter})`, 'gu'), "$1 '$2"],
  [/([0-9])'(s)/g, "$1 '$2"],
];

/** Lower-case abbreviations whose period belongs to them. */
const abbreviations = new Set(['v', 'vs', 'rev']);

/**
 * The words of a caption as Meteor 1.5 counts them with its option `-norm`: it parts tokens once
 * more.
 * @param tokens in lower case, as `captionTokens` gives them: without runs of periods, and without
 * commas outside numbers
 */
export function normalize(tokens: readonly string[]): string[] {
  const text = replacements.reduce(
    (parted, [found, replacement]) => parted.replace(found, replacement),
    ` ${tokens.join(' ')} `,
  );
  const words = text.split(/\s+/u).filter((word) => word !== '');
  return words.flatMap((word, index) => partPeriod(word, words[index + 1]));
}

/** Parts a period at the end from its word unless the word is taken for an abbreviation. */
function partPeriod(word: string, next: string | undefined): string[] {
  if (word.length < 2 || !word.endsWith('.')) return [word];
  const stem = word.slice(0, -1);
  if (stem.includes('.') && hasLetter.test(stem)) return [word.replaceAll('.', '')];
  const isAbbreviation =
    abbreviations.has(stem) ||
    (next !== undefined && (/^[a-z]/.test(next) || (stem === 'pp' && /^[0-9]/.test(next))));
  return isAbbreviation ? [word] : [stem, '.'];
}
