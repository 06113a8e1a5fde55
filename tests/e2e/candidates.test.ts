import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';

const coffee = resolve(import.meta.dirname, '../../demo/photos/coffee.jpg');
const size = { width: 600, height: 400 };

if (noChromium) console.log(`Skipping the candidates of a click: ${noChromium}.`);

/** The model in the box and a cup on a saucer: a click in its middle may mean either. */
describe.skipIf(noChromium !== null)('one click that may mean several things', () => {
  let opened: BrowserWindow;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: false });
    const { window, host } = opened;
    const photos = join(host.home, 'coffee');
    await mkdir(photos);
    await copyFile(coffee, join(photos, 'coffee.jpg'));
    await window.createProject(host.home, 'Coffee');
    await window.importFolder(photos);
    await window.ready();
  }, 120_000);
  afterAll(() => opened?.close());

  it('offers the other mask with Tab, and keeps the one that is shown', async () => {
    const { page, window } = opened;
    await window.click([0.5, 0.5], size);
    // How many there are is the model's affair.
    const shown = (index: number) =>
      page.getByText(new RegExp(text.proposal.candidate(index, 9).replace('/9', '/[2-9]')));
    await shown(0).waitFor();
    await window.canvas.focus();
    await page.keyboard.press('Tab');
    await shown(1).waitFor();
    await window.accept('cup and saucer');
    await window.regions.filter({ hasText: 'cup and saucer' }).waitFor();
    await window.saved.waitFor();
    expect(await window.regions.count()).toBe(1);
    expect(opened.errors).toEqual([]);
  });
});
