import { metricHead } from './report.ts';
import { pairedDifferences, type Difference } from './paired-difference.ts';
import type { ScoreTaskId } from './tasks/registry.ts';
import type { Metric, ScoreTask } from './tasks/score-task.ts';

/** How one run differs from another in a metric. */
export interface MetricDifference extends Metric {
  /**
   * The difference of the first to the second with its 95 % bootstrap interval over the items; null
   * without items.
   */
  readonly difference: Difference | null;
}

/** The difference between two runs. */
export interface ScoreComparison {
  readonly task: ScoreTaskId;
  /** The one that is compared with, and the one that is compared. */
  readonly systems: readonly [from: string, to: string];
  readonly differences: readonly MetricDifference[];
}

/**
 * Compares two runs on the same items in the same order, by a paired bootstrap over the items.
 * @param outcomes,reference of the same items in the same order, the task's own
 */
export function compareOutcomes(
  task: ScoreTask,
  outcomes: readonly unknown[],
  reference: readonly unknown[],
): MetricDifference[] {
  if (outcomes.length === 0) return [];
  const differences = pairedDifferences(
    [outcomes],
    [reference],
    (units) => task.measure(units),
    task.draws,
  );
  return task.metrics.map((metric, index) => {
    const difference = differences[index]!;
    return { ...metric, difference: Number.isNaN(difference.value) ? null : difference };
  });
}

/** A row for each metric: its name, the difference and its interval, signed. */
export function differenceRows(differences: readonly MetricDifference[]): string[][] {
  return differences.map(({ difference, ...metric }) => {
    const signed = (value: number) => {
      const text = (value * metric.scale).toFixed(metric.scale === 100 ? 2 : 4);
      return value < 0 ? text : `+${text}`;
    };
    const parts = difference
      ? [difference.value, difference.low, difference.high].map(signed)
      : ['', '', ''];
    return [metricHead(metric), ...parts];
  });
}
