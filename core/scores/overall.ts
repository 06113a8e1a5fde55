import { perbenchOverall } from './perbench.ts';
import type { ScoreReport } from './report.ts';
import { perbenchTaskIds } from './tasks/registry.ts';

/**
 * PerBench's overall score, 0 to 100, in both forms; null where one of its three tasks is missing.
 */
export interface OverallScore {
  readonly reference: number | null;
  readonly corrected: number | null;
}

/** The overall score of reports on all three tasks of PerBench; null where they are not that. */
export function overallOf(reports: readonly ScoreReport[]): OverallScore | null {
  const find = (task: string) => reports.find((report) => report.task === task);
  const tasks = perbenchTaskIds.map(find);
  if (tasks.includes(undefined)) return null;
  const [caption, choice, masks] = tasks as ScoreReport[];
  const value = (report: ScoreReport, id: string) =>
    report.metrics.find((metric) => metric.id === id)?.value ?? null;
  const overall = (ending: '' | '-reference') => {
    const parts = [
      value(caption!, `meteor${ending}`),
      value(choice!, `accuracy${ending}`),
      value(masks!, `ciou${ending}`),
      value(masks!, `giou${ending}`),
    ];
    if (parts.includes(null)) return null;
    const [meteor, accuracy, ciou, giou] = parts as [number, number, number, number];
    return perbenchOverall({ meteor: 100 * meteor, accuracy, ciou: 100 * ciou, giou: 100 * giou });
  };
  return { reference: overall('-reference'), corrected: overall('') };
}
