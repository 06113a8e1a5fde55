import type { DeviceReport } from '../prompt.ts';
import type { ScoreTaskId } from './tasks/registry.ts';
import type { Metric } from './tasks/score-task.ts';

/** A number of a report. */
export interface MetricValue extends Metric {
  /** 0 to 1 as a rule, before its scale; null where there is nothing to say. */
  readonly value: number | null;
}

/** Task, model and settings of a run: everything that determines its numbers. */
export interface ScoreFacts {
  readonly task: ScoreTaskId;
  /** Whose answers these are, for people: a model, or a file of predictions. */
  readonly system: string;
  /** Null where the answers came from a file. */
  readonly model: { readonly id: string; readonly version: string; readonly hash: string } | null;
  readonly device: DeviceReport | null;
  /** Decides which items are drawn where not all of them are scored. */
  readonly seed: number;
  readonly dataset: {
    readonly name: string;
    /**
     * sha256 over the items and what is right, so that two runs on the same items have the same.
     */
    readonly hash: string;
    readonly items: number;
  };
  /** The version of this program. */
  readonly code: string;
  /**
   * Where METEOR's synonyms came from; null: it was computed without synonyms. Absent where the
   * task needs none.
   */
  readonly synonyms?: string | null;
  /**
   * Folder of Meteor 1.5 with the tables that METEOR 1.5 was computed with; null: with `synonyms`,
   * and without paraphrases. Absent where the task needs none.
   */
  readonly meteor?: string | null;
  /** Items that have no answer and were scored as such. */
  readonly unanswered: number;
}

export interface ScoreReport extends ScoreFacts {
  readonly metrics: readonly MetricValue[];
}

/** Values are shown to as many places as papers do. */
export function metricText({ value, scale }: MetricValue): string {
  return value === null ? '' : (value * scale).toFixed(scale === 100 ? 2 : 4);
}

/** The title with its form, as a column is headed. */
export function metricHead({ title, form }: Metric): string {
  return form === null ? title : `${title} (${form})`;
}

/** A row for each report, the first row the head. */
export function reportRows(reports: readonly ScoreReport[]): string[][] {
  const metrics = new Map(
    reports.flatMap(({ metrics: all }) => all.map((each) => [each.id, each] as const)),
  );
  const head = ['system', 'items', ...[...metrics.values()].map(metricHead)];
  const rows = reports.map(({ system, dataset, metrics: all }) => [
    system,
    String(dataset.items),
    ...[...metrics.keys()].map((id) => {
      const found = all.find((each) => each.id === id);
      return found ? metricText(found) : '';
    }),
  ]);
  return [head, ...rows];
}

/** A table as LaTeX's `tabular`, for a paper. */
export function latexTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `${cells.map(latexText).join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{l${'r'.repeat(Math.max(0, head.length - 1))}}`,
    '\\hline',
    line(head),
    '\\hline',
    ...body.map(line),
    '\\hline',
    '\\end{tabular}',
  ].join('\n');
}

function latexText(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    '\\': '\\textbackslash{}',
    '~': '\\textasciitilde{}',
    '^': '\\textasciicircum{}',
  };
  return text.replace(/[\\~^]|[&%$#_{}]/g, (mark) => marks[mark] ?? `\\${mark}`);
}
