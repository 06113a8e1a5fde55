import type { Match, Run } from './matches.ts';

/** So many alignments are followed at a time. */
const beam = 40;

/** An alignment of the reference up to a word. */
interface Path {
  readonly matches: (Match | null)[];
  readonly used: { readonly reference: boolean[]; readonly hypothesis: boolean[] };
  weight: number;
  chunks: number;
  distance: number;
  /** The word after the last match, or after the last word without one. */
  next: number;
  /** Where the last match ends in the hypothesis; null after a word without a match. */
  end: number | null;
}

/**
 * The alignment that Meteor 1.5 finds: the one of most matches, an exact one counting as one,
 * then of fewest chunks, then of the shortest distances; by a beam search from left to right.
 * @param matches by where they begin in the reference
 * @param length words of the hypothesis
 */
export function align(matches: readonly (readonly Match[])[], length: number): (Match | null)[] {
  let paths = [begin(matches, length)];
  for (let at = 0; at < matches.length; at++) {
    const followed = paths.sort(compare).slice(0, beam);
    paths = followed.flatMap((path) => advance(path, at, matches[at]!));
    if (paths.length === 0) paths = followed.slice(0, 1);
  }
  paths = paths.sort(compare).slice(0, beam);
  for (const path of paths) if (path.end !== null) path.chunks++;
  return paths.sort(compare)[0]!.matches;
}

/** Matches without an alternative are settled. */
function begin(matches: readonly (readonly Match[])[], length: number): Path {
  const cover = { reference: matches.map(() => 0), hypothesis: Array<number>(length).fill(0) };
  for (const { reference, hypothesis } of matches.flat()) {
    for (let at = reference.start; at < endOf(reference); at++) cover.reference[at]!++;
    for (let at = hypothesis.start; at < endOf(hypothesis); at++) cover.hypothesis[at]!++;
  }
  const path: Path = {
    matches: matches.map(() => null),
    used: {
      reference: matches.map(() => false),
      hypothesis: Array<boolean>(length).fill(false),
    },
    ...{ weight: 0, chunks: 0, distance: 0, next: 0, end: null },
  };
  for (const [at, all] of matches.entries()) {
    const [match] = all;
    if (all.length !== 1 || !match) continue;
    const isShared =
      holds(cover.reference, match.reference, (count) => count !== 1) ||
      holds(cover.hypothesis, match.hypothesis, (count) => count !== 1);
    if (!isShared) take(path, match, at);
  }
  return path;
}

function endOf({ start, length }: Run): number {
  return start + length;
}

/** Whether a value of a run is such a one. */
function holds<Value>(values: readonly Value[], run: Run, isSuch: (value: Value) => boolean) {
  for (let at = run.start; at < endOf(run); at++) if (isSuch(values[at]!)) return true;
  return false;
}

function take({ matches, used }: Path, match: Match, at: number): void {
  matches[at] = match;
  used.reference.fill(true, match.reference.start, endOf(match.reference));
  used.hypothesis.fill(true, match.hypothesis.start, endOf(match.hypothesis));
}

/** An alignment after a word: with each match that begins there, and without. */
function advance(path: Path, at: number, matches: readonly Match[]): Path[] {
  if (path.used.reference[at]) {
    if (at < path.next) return [path];
    const settled = path.matches[path.next];
    if (!settled) return [];
    count(path, settled);
    path.distance += distanceOf(settled);
    return [path];
  }
  const paths: Path[] = [];
  for (const match of matches) {
    if (isTaken(path, match)) continue;
    const taken = copy(path);
    take(taken, match, at);
    count(taken, match);
    paths.push(taken);
    // Meteor adds the distance here, not to the alignment that has the match.
    path.distance += distanceOf(match);
  }
  if (path.end !== null) path.chunks++;
  path.end = null;
  path.next++;
  return [...paths, path];
}

function isTaken({ used }: Path, { reference, hypothesis }: Match): boolean {
  return holds(used.reference, reference, Boolean) || holds(used.hypothesis, hypothesis, Boolean);
}

function copy(path: Path): Path {
  const { reference, hypothesis } = path.used;
  const used = { reference: [...reference], hypothesis: [...hypothesis] };
  return { ...path, matches: [...path.matches], used };
}

function count(path: Path, { stage, reference, hypothesis }: Match): void {
  for (const { length } of [hypothesis, reference]) {
    // Meteor drops the half that a word weighs without an exact match.
    path.weight += stage === 0 ? length : Math.floor(length / 2);
  }
  if (path.end !== null && hypothesis.start !== path.end) path.chunks++;
  path.next = endOf(reference);
  path.end = endOf(hypothesis);
}

function distanceOf({ reference, hypothesis }: Match): number {
  return Math.abs(reference.start - hypothesis.start);
}

function compare(a: Path, b: Path): number {
  return b.weight - a.weight || a.chunks - b.chunks || a.distance - b.distance;
}
