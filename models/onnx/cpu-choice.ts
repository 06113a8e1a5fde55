import { availableParallelism, cpus } from 'node:os';
import { env } from 'onnxruntime-node';
import type { CpuPlan, CpuTrial, GraphKind } from '../../core/prompt.ts';
import { largestDifference, openTested, type DeviceTest, type TestedDevice } from './self-test.ts';
import type { PackageGraphs, SessionSource } from './session.ts';

export const arithmetics = ['auto', 'float32', 'int8'] as const;
export type Arithmetic = (typeof arithmetics)[number];

/** The plans that were measured on this machine, by a text that says what they depend on. */
export interface CpuPlans {
  find(key: string): Promise<CpuPlan | null>;
  keep(key: string, plan: CpuPlan): Promise<void>;
}

/** How the CPU may compute a package. */
export interface CpuChoice {
  /** `auto`: as it was measured to be fastest, where that is known. Default: float32. */
  readonly arithmetic?: Arithmetic | undefined;
  readonly plans?: CpuPlans | undefined;
  /** Whether `auto` measures, where nothing is known: that takes a second or two, once. */
  readonly measures?: boolean | undefined;
  /** Called before it is measured. */
  readonly onMeasuring?: (() => void) | undefined;
}

/** A package opened on the CPU, and what was measured on the way. */
export interface OpenedCpu<Role extends string> extends TestedDevice<Role> {
  readonly trials: readonly CpuTrial[];
}

/** A plan has to need less than this share of the time of the best one before it. */
const clearlyFaster = 0.9;

/**
 * Largest difference from float32, as a share of the largest number, that int8 explains. Kernels
 * that saturate, which processors without VNNI may have, give numbers that are unlike.
 */
const toleratedRounding = 0.15;

/** Answers that each of two plans gives in turn when they are compared. */
const timedAnswers = 5;

/**
 * Opens a package on the CPU: with the graphs and threads that are known or measured to be fastest
 * on this machine, else with the fused graphs in float32 and all threads.
 * @param threads those asked for; absent = as many as are fastest
 * @throws AppError `package-invalid` when a graph cannot be loaded or gives no finite numbers
 */
export async function openCpu<Role extends string>(
  source: PackageGraphs<Role>,
  test: DeviceTest<Role>,
  threads: number | undefined,
  { arithmetic = 'float32', plans, measures = false, onMeasuring }: CpuChoice,
): Promise<OpenedCpu<Role>> {
  const all = threads ?? availableParallelism();
  const kinds = graphKindsOf(source);
  if (arithmetic === 'float32') return openPlan(source, test, { kind: 'fused', threads: all });
  if (arithmetic === 'int8') {
    const kind = kinds.includes('integer') ? 'integer' : 'fused';
    return openPlan(source, test, { kind, threads: all });
  }
  const key = planKey(source, threads);
  const known = await plans?.find(key);
  if (known && kinds.includes(known.kind) && known.threads <= all) {
    // A plan that does not work any more is as good as none.
    const opened = await openPlan(source, test, known).catch(() => null);
    if (opened) return opened;
  }
  if (!measures) return openPlan(source, test, { kind: 'fused', threads: all });
  onMeasuring?.();
  const opened = await openFastest(source, test, kinds, threadCounts(all, threads));
  const { kind, threads: fastest } = opened.source;
  await plans?.keep(key, { kind, threads: fastest });
  return opened;
}

/** All threads, and half of them where a processor may have two on each core. */
function threadCounts(all: number, given: number | undefined): number[] {
  return given === undefined && all >= 4 ? [all, Math.floor(all / 2)] : [all];
}

/** The kinds of graphs that a package has for the CPU; `fused` first. */
function graphKindsOf({ graphs }: PackageGraphs): GraphKind[] {
  const has = (file: 'plainFile' | 'integerFile') =>
    Object.values(graphs).some((graph) => graph[file] !== undefined);
  return [
    'fused',
    ...(has('integerFile') ? (['integer'] as const) : []),
    ...(has('plainFile') ? (['plain'] as const) : []),
  ];
}

function planKey({ hash }: PackageGraphs, threads: number | undefined): string {
  const processor = cpus()[0]?.model.trim() ?? 'CPU';
  const runtime = env.versions.node ?? '';
  return [hash, runtime, processor, availableParallelism(), threads ?? 'auto'].join(' ');
}

async function openPlan<Role extends string>(
  source: PackageGraphs<Role>,
  test: DeviceTest<Role>,
  plan: CpuPlan,
): Promise<OpenedCpu<Role>> {
  return { ...(await openTested(onCpu(source, plan), test)), trials: [] };
}

function onCpu<Role extends string>(
  source: PackageGraphs<Role>,
  plan: CpuPlan,
): SessionSource<Role> {
  return { ...source, ...plan, device: 'cpu' };
}

/**
 * Measures one plan after the other, first the kinds of graphs with all threads, then the best
 * kind with fewer; at most two are open at a time.
 */
async function openFastest<Role extends string>(
  source: PackageGraphs<Role>,
  test: DeviceTest<Role>,
  kinds: readonly GraphKind[],
  [all, ...fewer]: readonly number[],
): Promise<OpenedCpu<Role>> {
  const first = { kind: kinds[0]!, threads: all! };
  let best = await openTested(onCpu(source, first), test);
  const reference = best.result;
  const trials: CpuTrial[] = [];
  const attempt = async (plan: CpuPlan) => {
    let tried: TestedDevice<Role> | null = null;
    try {
      tried = await openTested(onCpu(source, plan), test);
      const refusal = disagreement(largestDifference(tried.result, reference));
      const [before, now] = await timeInTurn(test, best, tried);
      const { kind, threads } = best.source;
      if (trials.length === 0) trials.push({ kind, threads, milliseconds: before, refusal: null });
      trials.push({ ...plan, milliseconds: now, refusal });
      if (refusal === null && now < clearlyFaster * before) [best, tried] = [tried, best];
    } catch (thrown) {
      const refusal = thrown instanceof Error ? thrown.message : String(thrown);
      trials.push({ ...plan, milliseconds: null, refusal });
    } finally {
      await tried?.lease.release();
    }
  };
  for (const kind of kinds.slice(1)) await attempt({ kind, threads: all! });
  for (const threads of fewer) await attempt({ kind: best.source.kind, threads });
  return { ...best, trials };
}

/** Milliseconds of the fastest answer of each: in turn, so that other work slows down both. */
async function timeInTurn<Role extends string>(
  { run, answer = run }: DeviceTest<Role>,
  ...opened: readonly [TestedDevice<Role>, TestedDevice<Role>]
): Promise<[number, number]> {
  const fastest: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < timedAnswers; round++) {
    for (const [place, { lease }] of opened.entries()) {
      const start = performance.now();
      await answer(lease.sessions);
      fastest[place] = Math.min(fastest[place]!, performance.now() - start);
    }
  }
  return fastest;
}

function disagreement(difference: number): string | null {
  if (difference <= toleratedRounding) return null;
  return `its numbers differ from float32 by ${(100 * difference).toFixed(0)} % in the self-test`;
}
