import { stepText, stepTexts } from '../../../core/project/step-labels.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Diff } from '../../../core/diff.ts';
import type { HistoryStep } from '../../../app/api/contract/journal.ts';
import { startBrowserHost } from '../../support/browser-host.ts';
import { launchChromium } from '../../support/chromium.ts';

/** The interface of a project in a real Chromium, with the made-up model. */
export interface BenchWindow {
  readonly browser: Browser;
  readonly page: Page;
  /** Changes the project as another window would. */
  apply(diff: Diff): Promise<void>;
  /** The label of the newest step in the journal. */
  lastStep(): Promise<string>;
  /** Moves the image by one step of `move` in each of `frames` animation frames. */
  animate(move: 'pan' | 'zoom', frames: number): Promise<void>;
}

/**
 * Opens a project that `make` writes into a folder of its own.
 * @param make returns the project's file
 */
export async function withWindow<Result>(
  make: (folder: string) => Promise<string>,
  work: (window: BenchWindow, projectFile: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'pixelsail-bench-ui-'));
  try {
    const projectFile = await make(folder);
    const host = await startBrowserHost({ projectFile, fakeEngine: true });
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
      const page = await context.newPage();
      page.setDefaultTimeout(90_000);
      await page.goto(host.url);
      await imageShown(page);
      const lastStep = async () => {
        const steps = await host.backend.request('journal.history', { limit: 1 });
        return stepText(stepTexts, (steps as readonly HistoryStep[])[0]!.label);
      };
      const apply = async (diff: Diff) => {
        await host.backend.request('journal.apply', { label: 'Added', diff });
      };
      return await work(
        { browser, page, apply, lastStep, animate: (...move) => animate(page, ...move) },
        projectFile,
      );
    } finally {
      await browser.close();
      await host.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until an image and its pixels are there, and everything is painted. */
export async function imageShown(page: Page): Promise<void> {
  await page.getByRole('application').waitFor();
  await page.waitForFunction(() => !document.querySelector('main section [role=status] span'));
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

/**
 * The events are made in the page, one in each frame, so that what is measured does not wait for
 * the test.
 */
async function animate(page: Page, move: 'pan' | 'zoom', frames: number): Promise<void> {
  await page.evaluate(
    async ([kind, count]) => {
      const canvas = document.querySelector('[role=application]')!;
      const bounds = canvas.getBoundingClientRect();
      const at = { clientX: bounds.x + bounds.width / 2, clientY: bounds.y + bounds.height / 2 };
      for (let frame = 0; frame < count; frame++) {
        await new Promise(requestAnimationFrame);
        // Between two frames, as a hand's events come.
        await new Promise((resolve) => setTimeout(resolve));
        const forth = frame < count / 2 ? 1 : -1;
        const turn = kind === 'pan' ? { deltaX: 12 * forth, deltaY: 0 } : { deltaY: -60 * forth };
        canvas.dispatchEvent(
          new WheelEvent('wheel', { ...at, ...turn, bubbles: true, cancelable: true }),
        );
      }
    },
    [move, frames] as const,
  );
}
