/** One line of the report: a median, and the same against what it is compared with. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: string;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(fraction * (sorted.length - 1) + 0.5)] ?? NaN;
}

export function markdownTable(rows: readonly BenchRow[]): string {
  return [
    '| what | value | beside it |',
    '| --- | ---: | --- |',
    ...rows.map(({ name, value, unit, baseline = '' }) => {
      return `| ${name} | ${value.toFixed(value < 10 ? 2 : 1)} ${unit} | ${baseline} |`;
    }),
  ].join('\n');
}

export async function milliseconds(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
