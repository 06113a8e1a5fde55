import type { MaskEvaluation } from './evaluate-masks.ts';
import type { WordEvaluation } from './evaluate-words.ts';

/** What a table of several sets shows of one, by column; baselines begin with "=". */
export type Columns = ReadonlyMap<string, number>;

export function columnsOf(scores: MaskEvaluation | WordEvaluation): Columns {
  return new Map([['n', scores.count], ...('miou' in scores ? ofMasks(scores) : ofWords(scores))]);
}

function* ofMasks(scores: MaskEvaluation): Generator<[string, number]> {
  yield ['mIoU', scores.miou];
  yield ['cIoU', scores.ciou];
  for (const [index, { miou }] of (scores.clicks ?? []).entries()) {
    yield [`click ${index + 1}`, miou];
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

/** A Markdown table of sets, and their mean; cells without a value are empty and do not count in it. */
export function setTable(sets: readonly (readonly [name: string, columns: Columns])[]): string {
  const names = [...new Set(sets.flatMap(([, columns]) => [...columns.keys()]))];
  const cell = (column: string, value: number | undefined) => {
    if (value === undefined || Number.isNaN(value)) return '';
    return column === 'n' ? String(value) : value.toFixed(3);
  };
  const summary = (column: string) => {
    const values = sets.map(([, columns]) => columns.get(column) ?? NaN);
    const present = values.filter((value) => !Number.isNaN(value));
    const sum = present.reduce((all, value) => all + value, 0);
    return column === 'n' ? sum : sum / present.length;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['set', ...names]),
    `|---|${'---:|'.repeat(names.length)}`,
    ...sets.map(([name, columns]) => row([name, ...names.map((c) => cell(c, columns.get(c)))])),
    row(['**mean**', ...names.map((column) => cell(column, summary(column)))]),
  ].join('\n');
}
