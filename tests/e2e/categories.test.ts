import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Category } from '../../core/records.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { seriousFindings } from '../support/serious-findings.ts';

if (noChromium) console.log(`Skipping the dialog of categories: ${noChromium}.`);

describe.skipIf(noChromium !== null)('the dialog of categories', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Nested' });
  });
  afterAll(() => opened?.close());

  it('puts categories under others by dragging and by keys, and gives attributes a first value', async () => {
    const { page, window, host } = opened;
    await window.openMenu(text.commands.categories);
    const dialog = window.dialog(text.categories.title);
    await dialog.getByRole('button', { name: text.categories.paste }).click();
    await dialog.getByRole('textbox').last().fill('animal\ncat\ncar');
    await dialog.getByRole('button', { name: text.categories.pasteAdd(3) }).click();
    await dialog.getByRole('button', { name: text.categories.paste }).waitFor();
    const row = (name: string) => dialog.getByRole('button', { name: new RegExp(`^${name} `) });
    const parents = async () => {
      const categories = (await host.backend.request('categories.list', null)) as {
        id: string;
        name: string;
        parentId: string | null;
      }[];
      const nameOf = (id: string | null) => categories.find((one) => one.id === id)?.name ?? null;
      return Object.fromEntries(categories.map((one) => [one.name, nameOf(one.parentId)]));
    };

    await row('cat').dragTo(row('animal'));
    await expect.poll(parents).toEqual({ animal: null, cat: 'animal', car: null });
    await row('car').click();
    await row('car').press('Alt+ArrowRight');
    await expect.poll(parents).toMatchObject({ car: 'animal' });
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(parents).toMatchObject({ car: null });
    const names = async () => {
      const rows = await dialog.locator('.rows').innerText();
      return rows.split('\n').filter((line) => /^[a-z]/.test(line));
    };
    expect(await names()).toEqual(['animal', 'cat', 'car']);
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(names).toEqual(['car', 'animal', 'cat']);
    await page.keyboard.press('Alt+ArrowDown');
    await expect.poll(names).toEqual(['animal', 'cat', 'car']);

    await dialog.getByLabel(text.categories.attributeName, { exact: true }).fill('doors');
    await page.keyboard.press('Enter');
    await dialog.getByLabel(text.categoryDialog.requiredOf('doors')).check();
    const start = dialog.getByLabel(text.categoryDialog.startsAsOf('doors'));
    await start.fill('four');
    await start.press('Tab');
    await dialog.getByLabel(text.categories.attributeType('doors')).selectOption('number');
    await start.fill('five');
    await start.press('Tab');
    await expect.poll(() => start.inputValue()).toBe('');
    await start.fill('5');
    await start.press('Tab');
    await dialog.getByLabel(text.categories.attributeType('doors')).selectOption('boolean');
    await expect.poll(() => start.inputValue()).toBe('');
    await start.selectOption({ label: text.region.yes });
    const starts = async () => {
      const all = await host.backend.request('categories.list', null);
      return (all as Category[]).flatMap(({ attributes }) => attributes).map((one) => one.default);
    };
    await expect.poll(starts).toEqual([true]);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
