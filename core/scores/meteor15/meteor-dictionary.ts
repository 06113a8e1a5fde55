import { AppError } from '../../errors.ts';
import type { SynsetDictionary } from './synsets.ts';

/**
 * The tables of WordNet 3.0 in Meteor's jar: pairs of lines. In `synsets` the first line is a word
 * and the second has its synsets; in `exceptions` the first is a base and the second has its
 * irregular forms.
 * @throws AppError `invalid-input` for what is no such table
 */
export function meteorDictionary(synsets: string, exceptions: string): SynsetDictionary {
  const offsets = new Map(
    pairsOfLines(synsets).map(([word, row]) => [word, row.split(' ').map(Number)] as const),
  );
  const [word, first] = offsets.entries().next().value ?? ['', [NaN]];
  if (!first.every(Number.isSafeInteger)) {
    throw new AppError(
      'invalid-input',
      `Expected a word and a line of its synsets in turn; found "${word.slice(0, 40)}".`,
    );
  }
  const bases = new Map<string, string[]>();
  for (const [base, row] of pairsOfLines(exceptions)) {
    for (const form of row.split(' ')) bases.set(form, [...(bases.get(form) ?? []), base]);
  }
  return {
    has: (word) => offsets.has(word),
    offsets: (word) => offsets.get(word) ?? [],
    bases: (form) => bases.get(form) ?? [],
  };
}

function pairsOfLines(text: string): [first: string, second: string][] {
  const lines = text.trimEnd().split(/\r?\n/);
  return Array.from({ length: lines.length / 2 }, (_, index) => [
    lines[2 * index]!,
    lines[2 * index + 1]!.trim(),
  ]);
}
