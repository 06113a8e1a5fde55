/** One line of the report: a median, and the same against what it is compared with. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: string;
  readonly targets?: readonly Target[];
}

/** A bound of a measurement. */
export interface Target {
  /** The unit of the number, and the rate that it is of: `times bare inserts`. */
  readonly what: string;
  readonly found: number;
  /** The found number must not be above. */
  readonly most?: number;
  /** The found number must not be below. */
  readonly least?: number;
}

/** Whether a target is met, with both numbers. */
export function verdictOn({ what, found, most, least }: Target): string {
  const isMet = found <= (most ?? Infinity) && found >= (least ?? -Infinity);
  const bound = most === undefined ? `at least ${least}` : `at most ${most}`;
  return `${isMet ? 'met' : '**missed**'}: ${roundedOf(found)} ${what}, ${bound}`;
}

function roundedOf(value: number): string {
  return value < 10 ? value.toFixed(2) : String(Math.round(value));
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(fraction * (sorted.length - 1) + 0.5)] ?? NaN;
}

export function markdownTable(rows: readonly BenchRow[]): string {
  const hasTargets = rows.some(({ targets }) => targets);
  const more = (text: string): string => (hasTargets ? ` ${text} |` : '');
  return [
    `| what | value | beside it |${more('target')}`,
    `| --- | ---: | --- |${more('---')}`,
    ...rows.map(({ name, value, unit, baseline = '', targets = [] }) => {
      const shown = `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
      return `| ${name} | ${shown} | ${baseline} |${more(targets.map(verdictOn).join('; '))}`;
    }),
  ].join('\n');
}

export async function milliseconds(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
