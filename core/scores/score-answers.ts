import { meanOf } from './referring.ts';
import type { MetricValue } from './report.ts';
import { noAnswer, type ScoredAnswer, type ScoredItem } from './scored-item.ts';
import type { ScoreResources, ScoreTask } from './tasks/score-task.ts';

/** An item's part in the scores. */
export interface ScoredRow {
  readonly item: ScoredItem;
  readonly answer: ScoredAnswer;
  /** False where nobody answered and the item was scored as if the answer were empty. */
  readonly isAnswered: boolean;
  /** Plain JSON, the task's own. */
  readonly outcome: unknown;
  /** 0 to 1. */
  readonly agreement: number;
}

export interface ScoredSet {
  readonly metrics: readonly MetricValue[];
  /** In the order of the items. */
  readonly rows: readonly ScoredRow[];
  /** Mean over the items, 0 to 1; NaN of none. */
  readonly agreement: number;
}

/**
 * Scores the answers to items; an item without an answer counts as one with an empty answer.
 * @throws AppError `invalid-input` when masks of an item differ in size or are corrupt
 */
export function scoreAnswers(
  task: ScoreTask,
  items: readonly ScoredItem[],
  answers: ReadonlyMap<string, ScoredAnswer>,
  resources: ScoreResources,
): ScoredSet {
  const pairs = items.map((item) => ({ item, answer: answers.get(item.id) ?? noAnswer }));
  const outcomes = task.outcomes(pairs, resources);
  const values = task.measure(outcomes);
  const rows = pairs.map(({ item, answer }, index): ScoredRow => {
    const outcome = outcomes[index];
    const isAnswered = answers.has(item.id);
    return { item, answer, isAnswered, outcome, agreement: task.agreement(outcome) };
  });
  return {
    metrics: task.metrics.map((metric, index) => {
      const value = values[index]!;
      return { ...metric, value: Number.isNaN(value) ? null : value };
    }),
    rows,
    agreement: meanOf(rows.map(({ agreement }) => agreement)),
  };
}
