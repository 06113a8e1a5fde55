/** How often the answer stands at each place of the choices, over a set of items. */
export interface AnswerPositions {
  /** Items by the place of their answer, the first place first. */
  readonly counts: readonly number[];
  readonly total: number;
  /** Whether there are items enough to tell. */
  readonly isEnough: boolean;
  /**
   * The place that has far too many answers, counted from 0; null where chance explains the
   * differences.
   */
  readonly biased: number | null;
}

/** Below that a set is too small to tell. */
const fewest = 12;
/** A place is preferred where chance would do that less often than one time in a hundred. */
const unlikely = 2.58;

/**
 * Counts the places of answers.
 * @param items the place of the answer among its choices, and how many choices there are
 */
export function answerPositions(
  items: readonly { readonly at: number; readonly choices: number }[],
): AnswerPositions {
  const places = Math.max(0, ...items.map(({ choices }) => choices));
  const counts = Array.from({ length: places }, () => 0);
  const expected = Array.from({ length: places }, () => 0);
  const variance = Array.from({ length: places }, () => 0);
  for (const { at, choices } of items) {
    counts[at]! += 1;
    for (let place = 0; place < choices; place++) {
      expected[place]! += 1 / choices;
      variance[place]! += (1 / choices) * (1 - 1 / choices);
    }
  }
  const excess = counts.map(
    (count, place) => (count - expected[place]!) / Math.sqrt(variance[place]!),
  );
  const largest = excess.indexOf(Math.max(...excess));
  const isEnough = items.length >= fewest;
  const isBiased = isEnough && largest >= 0 && excess[largest]! > unlikely;
  return { counts, total: items.length, isEnough, biased: isBiased ? largest : null };
}
