import type { Browser, Page } from 'playwright-core';
import { percentile } from '../statistics.ts';

/**
 * The cost of a traced operation. Script and task times are of the thread's own clock, so a busy
 * machine adds nothing.
 */
export interface TraceSummary {
  /** Frames that the compositor drew. */
  readonly frames: number;
  /** Between two frames on the compositor's clock, 95th percentile. */
  readonly frameP95Ms: number;
  /** Script on the main thread in each animation frame, 95th percentile. */
  readonly scriptP95Ms: number;
  readonly scriptMedianMs: number;
  /** All work of the main thread, painting included, for each frame. */
  readonly mainThreadMs: number;
  /** All work of the main thread. */
  readonly totalMs: number;
  /** The longest single task of the main thread: how long a click may have had to wait. */
  readonly longestTaskMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's clock. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } };
}

const categories = [
  '-*',
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'devtools.timeline.frame',
  'v8.execute',
];

const scripts = new Set([
  'FunctionCall',
  'EvaluateScript',
  'FireAnimationFrame',
  'TimerFire',
  'EventDispatch',
  'RunMicrotasks',
]);

/** Runs `work` under a trace of the page. */
export async function trace(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
): Promise<TraceSummary> {
  await browser.startTracing(page, { categories });
  await work();
  const buffer = await browser.stopTracing();
  const { traceEvents } = JSON.parse(buffer.toString()) as { traceEvents: TraceEvent[] };
  return summarise(traceEvents);
}

function summarise(events: readonly TraceEvent[]): TraceSummary {
  const main = mainThread(events);
  const onMain = events
    .filter(({ pid, tid, ph }) => pid === main.pid && tid === main.tid && ph === 'X')
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const frameStarts = onMain
    .filter(({ name }) => name === 'FireAnimationFrame')
    .map(({ ts }) => ts);
  const script = outermost(onMain.filter(({ name }) => scripts.has(name)));
  const drawn = events
    .filter(({ name, pid }) => name === 'DrawFrame' && pid === main.pid)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const tasks = outermost(onMain.filter(({ name }) => name.endsWith('RunTask')));
  const perFrame = inFrames(script, frameStarts);
  return {
    frames: drawn.length,
    frameP95Ms: percentile(
      drawn.slice(1).map((ts, index) => (ts - drawn[index]!) / 1000),
      0.95,
    ),
    scriptP95Ms: percentile(perFrame, 0.95),
    scriptMedianMs: percentile(perFrame, 0.5),
    mainThreadMs: sum(tasks.map(milliseconds)) / Math.max(perFrame.length, 1),
    totalMs: sum(tasks.map(milliseconds)),
    longestTaskMs: Math.max(0, ...tasks.map(milliseconds)),
  };
}

/** The main thread that ran the most script: that of the page. */
function mainThread(events: readonly TraceEvent[]): { pid: number; tid: number } {
  const counts = new Map<string, number>();
  for (const { name, pid, tid } of events) {
    if (name === 'FunctionCall')
      counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  const [pid, tid] = (most?.[0] ?? '0 0').split(' ').map(Number);
  return { pid: pid!, tid: tid! };
}

/** Events that are not inside another of the list. */
function outermost(sorted: readonly TraceEvent[]): TraceEvent[] {
  let end = -Infinity;
  return sorted.filter(({ ts, dur = 0 }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}

/** Sums what began between one animation frame and the next. */
function inFrames(sorted: readonly TraceEvent[], starts: readonly number[]): number[] {
  const ticks = starts.filter((ts, index) => index === 0 || ts - starts[index - 1]! > 4000);
  const sums = ticks.map(() => 0);
  let frame = -1;
  for (const event of sorted) {
    while (frame + 1 < ticks.length && event.ts >= ticks[frame + 1]!) frame++;
    if (frame >= 0) sums[frame]! += milliseconds(event);
  }
  return sums;
}

function milliseconds({ tdur, dur = 0 }: TraceEvent): number {
  return (tdur ?? dur) / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
