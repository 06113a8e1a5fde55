/** The score of a mask, and its true IoU. */
export interface Estimate {
  /** The reported score: the IoU that the model expects. */
  readonly score: number;
  readonly iou: number;
}

/** The masks whose scores lie in one range. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanScore: number;
  readonly meanIou: number;
}

export interface Reliability {
  /** Fifths of the range of scores, without those that are empty. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean distance between score and IoU of the bins, weighted by their counts; 0 is perfect. */
  readonly calibrationError: number;
  /** Pearson's correlation of score and IoU; NaN when one of them never changes. */
  readonly correlation: number;
}

const binCount = 5;

/** How far scores can be believed. */
export function reliabilityOf(estimates: readonly Estimate[]): Reliability {
  const groups = Map.groupBy(estimates, ({ score }) =>
    Math.min(binCount - 1, Math.floor(score * binCount)),
  );
  const bins = [...groups]
    .sort(([a], [b]) => a - b)
    .map(([index, group]) => ({
      from: index / binCount,
      to: (index + 1) / binCount,
      count: group.length,
      meanScore: mean(group.map(({ score }) => score)),
      meanIou: mean(group.map(({ iou }) => iou)),
    }));
  const distance = (bin: ReliabilityBin) => bin.count * Math.abs(bin.meanScore - bin.meanIou);
  return {
    bins,
    calibrationError: bins.reduce((sum, bin) => sum + distance(bin), 0) / estimates.length,
    correlation: correlation(estimates),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(estimates: readonly Estimate[]): number {
  const score = mean(estimates.map((estimate) => estimate.score));
  const iou = mean(estimates.map((estimate) => estimate.iou));
  const sums = { both: 0, score: 0, iou: 0 };
  for (const estimate of estimates) {
    sums.both += (estimate.score - score) * (estimate.iou - iou);
    sums.score += (estimate.score - score) ** 2;
    sums.iou += (estimate.iou - iou) ** 2;
  }
  return sums.both / Math.sqrt(sums.score * sums.iou);
}
