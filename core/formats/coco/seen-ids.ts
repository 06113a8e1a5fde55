import type { CocoId } from './row.ts';

/** Ids that follow each other in rows that follow each other. */
interface Run {
  readonly id: number;
  readonly row: number;
  length: number;
}

/** More runs than this are no order. */
const mostRuns = 1000;

/**
 * Which row had an id first. Ids that count up with their rows, as most files have them, take no
 * memory.
 */
export class SeenIds {
  /** In rising order of their ids. */
  readonly #runs: Run[] = [];
  readonly #others = new Map<CocoId, number | null>();

  /** The row that had the id before; undefined when this is the first, which is noted. */
  add(id: CocoId, row: number | null): number | null | undefined {
    const before = this.#rowOf(id);
    if (before !== undefined) return before;
    const last = this.#runs.at(-1);
    const next = last && last.id + last.length;
    if (last && id === next && row === last.row + last.length) {
      last.length++;
    } else if (this.#runs.length < mostRuns && isRunStart(id, next) && row !== null) {
      this.#runs.push({ id, row, length: 1 });
    } else {
      this.#others.set(id, row);
    }
    return undefined;
  }

  #rowOf(id: CocoId): number | null | undefined {
    const run = typeof id === 'number' ? this.#runBefore(id) : undefined;
    const place = run && Number(id) - run.id;
    return run && place! < run.length && Number.isInteger(place)
      ? run.row + place!
      : this.#others.get(id);
  }

  /** The last run that begins at an id or before it. */
  #runBefore(id: number): Run | undefined {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]!.id <= id) low = middle + 1;
      else high = middle;
    }
    return this.#runs[low - 1];
  }
}

function isRunStart(id: CocoId, next: number | undefined): id is number {
  return Number.isSafeInteger(id) && (next === undefined || Number(id) >= next);
}
