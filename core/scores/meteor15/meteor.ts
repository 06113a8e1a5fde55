import { align } from './align.ts';
import { functionWords } from './function-words.ts';
import { findMatches, stages, type Match, type MeteorTables, type Run } from './matches.ts';
import { normalize } from './normalize.ts';

/** Parameters of Meteor 1.5 for English, tuned to rank translations. */
const [alpha, beta, gamma, delta] = [0.85, 0.2, 0.6, 0.75];
/** How much a match of each stage counts. */
const weights = [1, 0.6, 0.8, 0.6];

/** Counts of a text and its reference; sums of these are scored in the same way. */
export interface MeteorCounts {
  /** Words of each text, and those of them that are function words. */
  readonly words: Counts;
  readonly functions: Counts;
  /** Content and function words that matched, by stage. */
  readonly matched: readonly StageCounts[];
  readonly chunks: number;
}

interface Counts {
  readonly hypothesis: number;
  readonly reference: number;
}

interface StageCounts {
  readonly content: Counts;
  readonly functions: Counts;
}

/**
 * Counts of a caption against the reference that suits it best, as Meteor 1.5 (Denkowski and
 * Lavie, 2014) makes them for English with its option `-norm`.
 * @param hypothesis,references words as `captionTokens` gives them
 */
export function meteorCounts(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
  tables: MeteorTables,
): MeteorCounts {
  const words = normalize(hypothesis);
  const counts = references.map((reference) => countsOf(words, normalize(reference), tables));
  return counts.reduce(
    (best, each) => (scoreOf(each) > scoreOf(best) ? each : best),
    counts[0] ?? sumOf([]),
  );
}

function countsOf(
  hypothesis: readonly string[],
  reference: readonly string[],
  tables: MeteorTables,
): MeteorCounts {
  const matches = align(findMatches(hypothesis, reference, tables), hypothesis.length);
  const functionsOf = (words: readonly string[]) =>
    words.filter((word) => functionWords.has(word)).length;
  const matchedOf = (words: readonly string[], side: 'hypothesis' | 'reference', stage: number) => {
    const matched = matches
      .filter((match) => match?.stage === stage)
      .flatMap((match) => wordsOf(words, match![side]));
    const functions = functionsOf(matched);
    return { functions, content: matched.length - functions };
  };
  return {
    words: { hypothesis: hypothesis.length, reference: reference.length },
    functions: { hypothesis: functionsOf(hypothesis), reference: functionsOf(reference) },
    matched: stages.map((_, stage) => {
      const ours = matchedOf(hypothesis, 'hypothesis', stage);
      const theirs = matchedOf(reference, 'reference', stage);
      return {
        content: { hypothesis: ours.content, reference: theirs.content },
        functions: { hypothesis: ours.functions, reference: theirs.functions },
      };
    }),
    chunks: countChunks(matches),
  };
}

function wordsOf(words: readonly string[], { start, length }: Run): readonly string[] {
  return words.slice(start, start + length);
}

/** Runs of matches that follow each other in both texts. */
function countChunks(matches: readonly (Match | null)[]): number {
  let chunks = 0;
  let before: Match | null = null;
  for (const match of matches) {
    if (match === null) continue;
    const follows =
      before !== null &&
      match.reference.start === before.reference.start + before.reference.length &&
      match.hypothesis.start === before.hypothesis.start + before.hypothesis.length;
    if (!follows) chunks++;
    before = match;
  }
  return chunks;
}

/** Counts of a set, whose score is Meteor's for a system. */
export function sumOf(all: readonly MeteorCounts[]): MeteorCounts {
  const sum = (of: (counts: MeteorCounts) => number) =>
    all.reduce((total, each) => total + of(each), 0);
  const sides = (of: (counts: MeteorCounts) => Counts): Counts => ({
    hypothesis: sum((each) => of(each).hypothesis),
    reference: sum((each) => of(each).reference),
  });
  return {
    words: sides(({ words }) => words),
    functions: sides(({ functions }) => functions),
    matched: stages.map((_, stage) => ({
      content: sides(({ matched }) => matched[stage]!.content),
      functions: sides(({ matched }) => matched[stage]!.functions),
    })),
    // The one chunk of a text that matches as a whole is not counted.
    chunks: sum((each) => (isWhole(each) ? 0 : each.chunks)),
  };
}

/** The score of counts, 0 to 1; 0 where nothing matches. */
export function scoreOf(counts: MeteorCounts): number {
  const [precision, recall] = (['hypothesis', 'reference'] as const).map((side) => {
    const weigh = (content: number, functions: number) => delta * content + (1 - delta) * functions;
    const matched = counts.matched.map((each, stage) => {
      return weights[stage]! * weigh(each.content[side], each.functions[side]);
    });
    const functions = counts.functions[side];
    return total(matched) / weigh(counts.words[side] - functions, functions);
  });
  const mean = 1 / ((1 - alpha) / precision! + alpha / recall!);
  const matches = matchedWords(counts, 'hypothesis') + matchedWords(counts, 'reference');
  const fragmentation = isWhole(counts) ? 0 : counts.chunks / (matches / 2);
  const score = mean * (1 - gamma * fragmentation ** beta);
  return Number.isNaN(score) ? 0 : Math.max(score, 0);
}

/** Whether all words of both texts match as one chunk. */
function isWhole(counts: MeteorCounts): boolean {
  const isMatched = (side: keyof Counts) => matchedWords(counts, side) === counts.words[side];
  return counts.chunks === 1 && isMatched('hypothesis') && isMatched('reference');
}

function matchedWords({ matched }: MeteorCounts, side: keyof Counts): number {
  return total(matched.map(({ content, functions }) => content[side] + functions[side]));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
