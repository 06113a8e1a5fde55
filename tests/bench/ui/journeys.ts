import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addition } from '../../../core/diff.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import { english as text } from '../../../renderer/i18n/en.ts';
import { makeProject } from '../../support/made-project.ts';
import { WindowPage } from '../../support/window-page.ts';
import type { BenchRow } from '../statistics.ts';
import { writePhotos } from './photos.ts';
import { withWindow, type BenchWindow } from './window.ts';

const photo = { width: 1280, height: 960 };
const objects = 5;
const categories = 6000;
/** What a visual prompt takes the model in the box (docs/speed.md). */
const maskMs = 154;

/** Presses of buttons and keys for an object, counted by the page. */
export function benchJourneys(): Promise<BenchRow[]> {
  return withWindow(projectOf, async ({ page }) => {
    const window = new WindowPage(page);
    await window.ready();
    const rows: BenchRow[] = [];
    const journey = async (
      name: string,
      target: number,
      label: (index: number) => Promise<void>,
    ) => {
      // The first object of a journey takes the tool and the category in hand.
      await label(0);
      const before = await actionsOf(page);
      for (let index = 1; index <= objects; index++) await label(index);
      const value = ((await actionsOf(page)) - before) / objects;
      rows.push({
        name: `${name}: presses of buttons and keys an object`,
        value,
        unit: '',
        baseline: `of ${objects} objects, the tool in hand; target ${target}`,
      });
    };
    await countActions(page);
    const at = (index: number) => 0.12 + 0.12 * index;
    const made = async () => {
      const count = await window.regions.count();
      if (count > 0) await page.keyboard.press('Enter');
      else await window.accept('house');
    };
    await page.keyboard.press('r');
    await journey('box', 2, async (index) => {
      await window.drag([at(index), 0.15], [at(index) + 0.08, 0.25], photo);
      await window.proposal.waitFor();
      await made();
      await window.proposal.waitFor({ state: 'detached' });
    });
    await page.keyboard.press('q');
    await journey('corrections', 3, async (index) => {
      await window.click([at(index), 0.5], photo);
      await window.proposal.waitFor();
      await window.click([at(index) + 0.02, 0.52], photo, { button: 'right' });
      await window.proposal.waitFor();
      await made();
      await window.proposal.waitFor({ state: 'detached' });
    });
    await journey('text', 4, async () => {
      await page.keyboard.press('t');
      // The words of the last question are still there, and selected.
      if ((await page.getByLabel(text.prompt.label).inputValue()) === '') {
        await page.keyboard.type('house');
      }
      await page.keyboard.press('Enter');
      await window.proposal.waitFor();
      await window.canvas.focus();
      await made();
      await window.proposal.waitFor({ state: 'detached' });
    });
    return rows;
  });
}

/** From the press of a point to the first pixels of its mask on the canvas. */
export function benchFirstMask(): Promise<BenchRow[]> {
  process.env['PIXELSAIL_FAKE_MASK_MS'] = String(maskMs);
  return withWindow(projectOf, async ({ page }) => {
    const window = new WindowPage(page);
    await window.ready();
    await page.keyboard.press('q');
    const times: number[] = [];
    for (let index = 0; index < 9; index++) {
      const [x, y] = await window.onScreen([0.2 + 0.06 * index, 0.5], photo);
      const shown = page.evaluate(waitForMask, [x + 11, y] as const);
      await page.mouse.click(x, y);
      times.push(await shown);
      await window.proposal.waitFor();
      await page.keyboard.press('Escape');
      await window.proposal.waitFor({ state: 'detached' });
    }
    return [
      {
        name: 'point to the first pixels of its mask, median',
        value: times.sort((a, b) => a - b)[4]!,
        unit: 'ms',
        baseline: `with ${maskMs} ms in the made-up model`,
      },
    ];
  }).finally(() => delete process.env['PIXELSAIL_FAKE_MASK_MS']);
}

/** Opening the dialog of 6,000 categories. */
export function benchCategories(): Promise<BenchRow[]> {
  return withWindow(projectOf, async (opened) => {
    await addCategories(opened);
    const { page } = opened;
    const window = new WindowPage(page);
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      await page.locator('header button[aria-haspopup=dialog]').first().click();
      const menu = window.dialog(text.topBar.menu);
      const item = menu.getByRole('button', { name: text.commands.categories });
      await item.waitFor();
      times.push(await item.evaluate(openedAfter, text.categories.title));
      await page.keyboard.press('Escape');
      await window.dialog(text.categories.title).waitFor({ state: 'detached' });
    }
    return [
      {
        name: '6,000 categories, open their dialog, median',
        value: times.sort((a, b) => a - b)[2]!,
        unit: 'ms',
        baseline: 'until a row of it is painted; target 300 ms',
      },
    ];
  });
}

async function projectOf(folder: string): Promise<string> {
  const file = join(folder, 'journeys.pixelsail');
  makeProject(file, await writePhotos(folder, 1, photo), 1);
  return file;
}

async function addCategories({ apply }: BenchWindow): Promise<void> {
  const all = Array.from({ length: categories }, (_, index) =>
    makeCategory(`class number ${String(index + 1).padStart(5, '0')}`, index),
  );
  await apply(addition(...all));
}

/** Counts what a hand does from now on; what a program makes is no action. */
async function countActions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counted = globalThis as unknown as { actions: number };
    counted.actions = 0;
    for (const type of ['pointerdown', 'keydown'] as const) {
      addEventListener(type, ({ isTrusted }) => (counted.actions += Number(isTrusted)), true);
    }
  });
}

function actionsOf(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { actions: number }).actions);
}

/** The time from the next press until the live layer has pixels at a point of the page. */
function waitForMask([x, y]: readonly [number, number]): Promise<number> {
  return new Promise((done) => {
    const layer = document.querySelectorAll<HTMLCanvasElement>('.konvajs-content canvas')[1]!;
    const bounds = layer.getBoundingClientRect();
    const ratio = layer.width / bounds.width;
    const place = [Math.round((x - bounds.x) * ratio), Math.round((y - bounds.y) * ratio)] as const;
    const look = (startMs: number) => {
      const [, , , alpha] = layer.getContext('2d')!.getImageData(...place, 1, 1).data;
      if (alpha! > 0) done(performance.now() - startMs);
      else requestAnimationFrame(() => look(startMs));
    };
    addEventListener('pointerdown', () => look(performance.now()), { once: true, capture: true });
  });
}

/** Presses a button; answers how long it takes until a row of the dialog is painted. */
function openedAfter(button: Element, title: string): Promise<number> {
  return new Promise((done) => {
    const startMs = performance.now();
    (button as HTMLElement).click();
    const look = () => {
      const dialog = document.querySelector(`[role=dialog][aria-label="${title}"], dialog[open]`);
      if (dialog?.querySelector('[id^=category-]')) {
        requestAnimationFrame(() => done(performance.now() - startMs));
      } else requestAnimationFrame(look);
    };
    look();
  });
}
