import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize } from '../support/drawn-photos.ts';
import { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping two windows on one project: ${noChromium}.`);

const size = drawnPhotoSize;

describe.skipIf(noChromium !== null)('two windows on one project', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let first: WindowPage;
  let second: WindowPage;
  /** Whether the second window misses what the first one does. */
  let isDeaf = false;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Shared' });
    first = opened.window;
    const page = await opened.page.context().newPage();
    await page.routeWebSocket(/\/socket$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (!isDeaf || !String(message).includes('journal:changed')) socket.send(message);
      });
    });
    await page.goto(new URL('.', opened.host.url).href);
    second = new WindowPage(page);
    await second.canvas.waitFor();
  });

  afterAll(() => opened?.close());

  async function draw(window: WindowPage, left: number): Promise<void> {
    await window.page.bringToFront();
    await window.canvas.focus();
    await window.page.keyboard.press('Shift+R');
    await window.drag([left, 0.2], [left + 0.1, 0.4], size);
    await window.saved.waitFor();
  }

  const seesRegions = (window: WindowPage, count: number) =>
    expect.poll(() => window.regions.count(), { timeout: 40_000 }).toBe(count);

  async function press(page: Page, key: string): Promise<void> {
    await page.bringToFront();
    await page.getByRole('application').focus();
    await page.keyboard.press(key);
  }

  it('know who else is there, and on which image', async () => {
    const names = text.people.onImage([text.people.unnamed]);
    await first.page.getByText(names).waitFor({ state: 'attached' });
    await first.page.getByRole('button', { name: text.people.here(text.people.unnamed) }).waitFor();
    await second.page.keyboard.press('d');
    await first.page.getByRole('button', { name: text.people.goTo(text.people.unnamed) }).click();
    await first.page.getByRole('button', { name: text.people.here(text.people.unnamed) }).waitFor();
    await first.page.keyboard.press('a');
    await second.page.keyboard.press('a');
    await first.page.getByRole('button', { name: text.people.here(text.people.unnamed) }).waitFor();
  });

  it('see what the other one does, and undo takes back only the own steps', async () => {
    await draw(first, 0.1);
    await seesRegions(second, 1);
    await draw(second, 0.6);
    await seesRegions(first, 2);
    await press(first.page, 'Control+z');
    await seesRegions(first, 1);
    await seesRegions(second, 1);
    await press(first.page, 'Control+Shift+z');
    await seesRegions(second, 2);
    await press(second.page, 'Control+z');
    await seesRegions(second, 1);
    await seesRegions(first, 1);
  });

  it('a change to what the other one has changed is refused, kept and can be made again', async () => {
    isDeaf = true;
    await press(first.page, 'v');
    await first.regions.first().click();
    await press(first.page, 'ArrowRight');
    await first.saved.waitFor();

    await second.page.bringToFront();
    await second.regions.first().click();
    await press(second.page, 'Delete');
    const refused = second.button(text.topBar.refused(1));
    await refused.waitFor();
    expect(await second.saved.count()).toBe(0);
    await seesRegions(second, 1);
    await seesRegions(first, 1);

    await refused.click();
    const asked = second.page.getByRole('dialog', { name: text.topBar.refusedTitle });
    await asked.getByText(text.handout.anotherShape).waitFor();
    await asked.getByText(text.handout.removed, { exact: true }).waitFor();
    await second.button(text.topBar.applyRefused).click();
    await second.saved.waitFor();
    await seesRegions(second, 0);
    await seesRegions(first, 0);
  });
});
