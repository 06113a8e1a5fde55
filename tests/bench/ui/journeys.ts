import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addition } from '../../../core/diff.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import { english as text } from '../../../renderer/i18n/en.ts';
import { makeProject } from '../../support/made-project.ts';
import { threadTimeOf, type ThreadTime } from '../../support/thread-time.ts';
import { WindowPage } from '../../support/window-page.ts';
import type { BenchRow } from '../statistics.ts';
import { writePhotos } from './photos.ts';
import { imageShown, withWindow, type BenchWindow } from './window.ts';

const photo = { width: 1280, height: 960 };
const objects = 5;
const categories = 6000;

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
    await journey('text, of 5 letters', 8, async () => {
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

/** Opening the dialog of 6,000 categories, and choosing one: the work of the page's thread. */
export function benchCategories(): Promise<BenchRow[]> {
  return withWindow(projectOf, async (opened) => {
    await addCategories(opened);
    const { page } = opened;
    const window = new WindowPage(page);
    const opening: ThreadTime[] = [];
    const choosing: ThreadTime[] = [];
    const dialog = window.dialog(text.categories.title);
    for (let run = 0; run < 5; run++) {
      opening.push(
        await threadTimeOf(page, async () => {
          await window.openMenu(text.commands.categories);
          await dialog.getByRole('button', { name: /class number 00001/ }).waitFor();
        }),
      );
      choosing.push(
        await threadTimeOf(page, async () => {
          await dialog.getByRole('button', { name: /class number 00003/ }).click();
          await dialog.getByRole('group', { name: 'class number 00003' }).waitFor();
        }),
      );
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    return [
      medianOf('6,000 categories, open their dialog', opening),
      medianOf('6,000 categories, choose one', choosing),
    ];
  });
}

function medianOf(name: string, times: readonly ThreadTime[]): BenchRow {
  const median = (key: keyof ThreadTime): number =>
    times.map((time) => time[key]).sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  return {
    name: `${name}, thread time, median`,
    value: median('tasks'),
    unit: 'ms',
    baseline: `${median('scripts').toFixed(0)} ms of it in scripts; target 300 ms`,
  };
}

async function projectOf(folder: string): Promise<string> {
  const file = join(folder, 'journeys.pixelsail');
  makeProject(file, await writePhotos(folder, 1, photo), 1);
  return file;
}

async function addCategories({ apply, page }: BenchWindow): Promise<void> {
  const all = Array.from({ length: categories }, (_, index) =>
    makeCategory(`class number ${String(index + 1).padStart(5, '0')}`, index),
  );
  await apply(addition(...all));
  await page.reload();
  await imageShown(page);
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
