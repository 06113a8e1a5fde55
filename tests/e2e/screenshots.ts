import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { english as text } from '../../renderer/i18n/en.ts';
import { chinese } from '../../renderer/i18n/zh-CN.ts';
import { startBrowserHost } from '../support/browser-host.ts';
import { launchChromium } from '../support/chromium.ts';
import { WindowPage } from '../support/window-page.ts';

/**
 * Takes pictures of the window with the demo photos: `node tests/e2e/screenshots.ts [folder]`.
 * They are to be looked at; no test compares them. The folder is docs/screenshots unless given.
 */

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = resolve(process.argv[2] ?? repository('docs/screenshots'));
const hasNano = existsSync(repository('models/catalog/pixel-sail-nano/manifest.json'));

const looks = [
  { theme: 'dark', width: 1280, height: 720 },
  { theme: 'light', width: 1280, height: 720 },
  { theme: 'dark', width: 2560, height: 1440 },
  { theme: 'light', width: 2560, height: 1440 },
] as const;

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patienceMs = 120_000;

/** Scenes that change with the size of the window. */
const takenLarge = ['start', 'region'];

/** Where the objects of demo photos lie, as fractions of the image. */
const house = { width: 1024, height: 788, from: [0.508, 0.273], to: [0.977, 0.615] } as const;
const flower = { width: 640, height: 427, at: [0.47, 0.52] } as const;

async function takePictures(browser: Browser, look: (typeof looks)[number]): Promise<void> {
  const host = await startBrowserHost({ fakeEngine: !hasNano });
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.theme,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const window = new WindowPage(page);
  const take = async (name: string) => {
    if (look.width > 1280 && !takenLarge.includes(name)) return;
    const file = join(folder, `${name}-${look.theme}-${look.width}.png`);
    await writeFile(file, await compress(await page.screenshot({ animations: 'disabled' })));
  };
  const openImage = async (name: string) => {
    await page.getByRole('button', { name }).click();
    await page.getByRole('application', { name }).waitFor();
    await window.ready();
  };

  try {
    await page.goto(host.url);
    await page.getByText(text.start.noRecent).waitFor();
    await take('start');
    await window.createProject(host.home, 'First photos');
    await take('empty');
    await window.importFolder(repository('demo/photos'));
    await window.button(text.notices.dismiss).click();
    await window.ready();

    await openImage('prairie-house.jpg');
    await page.keyboard.press('r');
    await window.drag(house.from, house.to, house);
    await window.proposal.waitFor();
    await window.accept('house');
    await window.saved.waitFor();
    await window.button(text.region.describe).click();
    await page.getByRole('button', { name: text.region.keep, disabled: false }).waitFor();
    await take('region');
    await window.button(text.region.keep).click();

    await openImage('dahlia.jpg');
    await page.keyboard.press('q');
    await window.click(flower.at, flower);
    await window.proposal.waitFor();
    await take('proposal');
    await window.accept('flower');
    await window.saved.waitFor();

    await page.getByRole('tab', { name: text.sidePanels.history }).click();
    await take('history');
    await page.getByRole('tab', { name: text.sidePanels.regions }).click();

    await window.openMenu(text.commands.categories);
    await window.dialog(text.categories.title).waitFor();
    await take('categories');
    await page.keyboard.press('Escape');

    await window.openMenu(text.commands.statistics);
    await window.dialog(text.statistics.title).locator('svg[role=img]').nth(3).waitFor();
    await take('statistics');
    await page.keyboard.press('Escape');

    await page.keyboard.press('F1');
    const sheet = window.dialog(text.dialogs.shortcuts.title);
    await sheet.waitFor();
    await take('shortcuts');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });

    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    await take('export');
    await dialog
      .getByLabel(text.export.file, { exact: true })
      .fill(join(host.home, 'first-photos.json'));
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(/read back and compared/).waitFor();
    await take('proof');

    await host.backend.request('settings.set', { language: 'zh-CN' });
    await page.reload();
    await page.getByRole('button', { name: 'prairie-house.jpg' }).click();
    const regions = page.getByRole('grid', { name: chinese.regions.title });
    await regions.getByRole('row').filter({ hasText: 'house' }).first().click();
    await page.getByText(chinese.region.describe).waitFor();
    await take('chinese');
  } finally {
    await context.close();
    await host.stop();
  }
}

/** 256 colours are enough for flat panels, and keep photos recognisable. */
function compress(png: Buffer): Promise<Buffer> {
  return sharp(png).png({ palette: true, quality: 85, effort: 7 }).toBuffer();
}

await mkdir(folder, { recursive: true });
const browser = await launchChromium();
try {
  for (const look of looks) await takePictures(browser, look);
} finally {
  await browser.close();
}
console.log(`Pictures are in ${folder}.`);
