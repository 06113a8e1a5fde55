/**
 * Whole numbers from 0 to a maximum for an axis of counts, about five of them, in steps of 1, 2 or
 * 5 times ten.
 */
export function countTicks(maximum: number): number[] {
  const rough = Math.max(maximum / 5, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  return Array.from({ length: Math.floor(maximum / step) + 1 }, (_, index) => index * step);
}
