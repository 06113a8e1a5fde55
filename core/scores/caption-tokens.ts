/** Marks that pycocoevalcap takes out after it has split a caption. */
const removed = new Set(["''", "'", '``', '`', '.', '?', '!', ',', ':', '-', '--', '...', ';']);

/**
 * How the Penn Treebank writes brackets; pycocoevalcap keeps them, since it looks for them in
 * capitals.
 */
const brackets = new Map([
  ['(', '-lrb-'],
  [')', '-rrb-'],
  ['[', '-lsb-'],
  [']', '-rsb-'],
  ['{', '-lcb-'],
  ['}', '-rcb-'],
]);

/** Their period belongs to them. */
const abbreviations = new Set(
  'mr. mrs. ms. dr. prof. st. jr. sr. vs. etc. co. inc. ltd. e.g. i.e. a.m. p.m.'.split(' '),
);

/** Words that are two. */
const doubles = new Map([
  ['cannot', ['can', 'not']],
  ['gonna', ['gon', 'na']],
  ['gotta', ['got', 'ta']],
  ['wanna', ['wan', 'na']],
  ['gimme', ['gim', 'me']],
  ['lemme', ['lem', 'me']],
]);

const pieces = new RegExp(
  [
    String.raw`(?:\p{L}\.){2,}`, // u.s., e.g.
    String.raw`\d+(?:[.,:/]\d+)*`, // 2.5, 1,000, 5:30, 1/2
    String.raw`[\p{L}\p{M}\p{N}_]+(?:[-/'’&][\p{L}\p{M}\p{N}_]+)*\.?`, // well-lit, o'clock, and/or
    String.raw`\.{2,}|-{2,}`,
    String.raw`['’](?:s|m|d|re|ve|ll)\b`,
    String.raw`[^\s]`,
  ].join('|'),
  'giu',
);

/**
 * The words of a caption as pycocoevalcap counts them: those of Stanford's PTBTokenizer 3.4.1 in
 * lower case, without punctuation. Rarer tokens of that tool are not split as it does: addresses
 * of the web, smileys, fractions in one character, abbreviations but a few.
 */
export function captionTokens(text: string): string[] {
  return [...text.toLowerCase().matchAll(pieces)]
    .flatMap(([piece]) => split(piece))
    .map((token) => brackets.get(token) ?? token)
    .filter((token) => !removed.has(token) && !/^["“”‘’…]$|^\.{2,}$|^-{2,}$/u.test(token));
}

function split(piece: string): string[] {
  const isKept = abbreviations.has(piece) || /^(?:\p{L}\.){2,}$/u.test(piece);
  if (piece.length > 1 && piece.endsWith('.') && !isKept)
    return [...split(piece.slice(0, -1)), '.'];
  const double = doubles.get(piece);
  if (double) return double;
  const negated = /^(.+)(n['’]t)$/u.exec(piece) ?? /^(.+)(['’](?:s|m|d|re|ve|ll))$/u.exec(piece);
  return negated ? [negated[1]!, negated[2]!] : [piece];
}
