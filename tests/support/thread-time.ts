import type { Page } from 'playwright-core';

/** Milliseconds that the main thread of a page worked. */
export interface ThreadTime {
  readonly tasks: number;
  /** Of these, in scripts. */
  readonly scripts: number;
}

/**
 * The work of a page's main thread during `work`, by the clock of the thread: a busy machine adds
 * nothing.
 */
export async function threadTimeOf(page: Page, work: () => Promise<unknown>): Promise<ThreadTime> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (name: string): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * metrics.find((metric) => metric.name === name)!.value;
  };
  const before = [await read('TaskDuration'), await read('ScriptDuration')] as const;
  await work();
  // The next frame ends the effects of the work.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
  );
  const after = [await read('TaskDuration'), await read('ScriptDuration')] as const;
  await devtools.detach();
  return { tasks: after[0] - before[0], scripts: after[1] - before[1] };
}
