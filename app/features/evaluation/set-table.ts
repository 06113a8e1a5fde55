import type { ResultTable } from '../../api/contract/jobs.ts';
import type { EverythingEvaluation } from '../../../models/evaluation/evaluate-everything.ts';
import type { MaskEvaluation } from '../../../models/evaluation/evaluate-masks.ts';
import type { PresenceEvaluation } from '../../../models/evaluation/evaluate-presence.ts';
import type { WordEvaluation } from '../../../models/evaluation/evaluate-words.ts';
import type { Scores } from '../../../models/evaluation/scores.ts';

/** The row of one set in a table, by column; baselines begin with "=". */
export type Columns = ReadonlyMap<string, number>;

export function columnsOf(scores: Scores): Columns {
  return new Map([['n', scores.count], ...valuesOf(scores)]);
}

function valuesOf(scores: Scores): Generator<[string, number]> {
  if ('miou' in scores) return ofMasks(scores);
  if ('absentAccuracy' in scores) return ofPresence(scores);
  return 'recall50' in scores ? ofEverything(scores) : ofWords(scores);
}

function* ofEverything(scores: EverythingEvaluation): Generator<[string, number]> {
  yield ['objects', scores.objects];
  yield ['masks a photo', scores.masksPerPhoto];
  yield ['recall at 0.5', scores.recall50];
  yield ['recall at 0.75', scores.recall75];
  yield ['mean best IoU', scores.bestIou];
  const { grid } = scores.baselines;
  yield ['= grid recall at 0.5', grid.recall50];
  yield ['= grid mean best IoU', grid.bestIou];
}

function* ofPresence(scores: PresenceEvaluation): Generator<[string, number]> {
  yield ['N-acc.', scores.absentAccuracy];
  yield ['T-acc.', scores.presentAccuracy];
  yield ['marked where absent', scores.absentShare];
}

function* ofMasks(scores: MaskEvaluation): Generator<[string, number]> {
  yield ['mIoU', scores.miou];
  yield ['cIoU', scores.ciou];
  if (scores.oracle) yield ['best candidate', scores.oracle.miou];
  for (const [index, { miou }] of (scores.clicks ?? []).entries()) {
    yield [`click ${index + 1}`, miou];
  }
  for (const { iou, clicks, reached } of scores.until ?? []) {
    yield [`clicks to ${iou}`, clicks];
    yield [`reached ${iou}`, reached];
  }
  for (const [size, { miou }] of Object.entries(scores.sizes)) yield [size, miou];
  for (const [name, { miou }] of Object.entries(scores.baselines)) yield [`= ${name}`, miou];
}

function* ofWords(scores: WordEvaluation): Generator<[string, number]> {
  yield ['accuracy', scores.accuracy];
  if (scores.meteor !== undefined) yield ['METEOR', scores.meteor];
  for (const [name, { accuracy, meteor }] of Object.entries(scores.baselines)) {
    yield [`= ${name}`, accuracy];
    if (meteor !== undefined) yield [`= ${name} METEOR`, meteor];
  }
}

/** Columns that are added up, not averaged. */
function isCount(column: string): boolean {
  return column === 'n' || column === 'objects';
}

/**
 * A row for each of several sets, and their mean; cells without a value are empty and do not count
 * in it.
 */
export function setRows(sets: readonly (readonly [name: string, columns: Columns])[]): ResultTable {
  const names = [...new Set(sets.flatMap(([, columns]) => [...columns.keys()]))];
  const cell = (column: string, value: number | undefined) => {
    if (value === undefined || Number.isNaN(value)) return '';
    return isCount(column) ? String(value) : value.toFixed(column === 'masks a photo' ? 1 : 3);
  };
  const summary = (column: string) => {
    const values = sets.map(([, columns]) => columns.get(column) ?? NaN);
    const present = values.filter((value) => !Number.isNaN(value));
    const sum = present.reduce((all, value) => all + value, 0);
    return isCount(column) ? sum : sum / present.length;
  };
  return [
    ['set', ...names],
    ...sets.map(([name, columns]) => [name, ...names.map((c) => cell(c, columns.get(c)))]),
    ['**mean**', ...names.map((column) => cell(column, summary(column)))],
  ];
}

/** {@link setRows} as Markdown. */
export function setTable(sets: readonly (readonly [name: string, columns: Columns])[]): string {
  return markdownTable(setRows(sets));
}

/** Rows of cells, the first of them the head; the first column holds names, the others numbers. */
export function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const columns = '---:|'.repeat(head!.length - 1);
  return [line(head!), `|---|${columns}`, ...rows.map(line)].join('\n');
}
