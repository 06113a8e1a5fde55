/** Values divided where they fall into two groups best. */
export interface TwoGroups {
  /** The largest value of the lower group, up to the width of a bin. */
  readonly threshold: number;
  /** The variance between the groups as a share of the whole variance, 0 to 1. */
  readonly separability: number;
  /** Mean of the upper group less the mean of the lower one. */
  readonly gap: number;
}

const binCount = 128;

/**
 * The division with the largest variance between its groups (Otsu, A threshold selection method
 * from gray-level histograms, 1979); null where all values are alike.
 * @param values not negative
 */
export function twoGroups(values: Float32Array): TwoGroups | null {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  if (largest === 0) return null;
  const bins = new Float64Array(binCount);
  const binOf = (value: number) => Math.min(Math.floor((value / largest) * binCount), binCount - 1);
  for (const value of values) bins[binOf(value)]! += 1 / values.length;
  let [mean, square] = [0, 0];
  for (const [bin, share] of bins.entries()) {
    mean += bin * share;
    square += bin * bin * share;
  }
  const variance = square - mean * mean;
  let best: TwoGroups | null = null;
  let [lowerShare, lowerSum] = [0, 0];
  for (const [bin, share] of bins.entries()) {
    lowerShare += share;
    lowerSum += bin * share;
    const upperShare = 1 - lowerShare;
    if (lowerShare === 0 || bin === binCount - 1) continue;
    const gap = (mean - lowerSum) / upperShare - lowerSum / lowerShare;
    const separability = (lowerShare * upperShare * gap * gap) / variance;
    if (separability <= (best?.separability ?? 0)) continue;
    const unit = largest / binCount;
    best = { threshold: (bin + 1) * unit, separability, gap: gap * unit };
  }
  return best;
}
