import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the comparison of models: ${noChromium}.`);

describe.skipIf(noChromium !== null)('two models beside each other', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true });
    ({ page, window } = opened);
    await installSecond(opened.host.home);
    await page.reload();
    await window.createProject(opened.host.home, 'Beside');
    await window.importFolder(opened.photos);
    await window.ready();
  }, 120_000);
  afterAll(() => opened?.close());

  const answers = () => page.getByRole('group', { name: text.compareModels.label });
  const take = (seat: 'chosen' | 'other') =>
    answers().getByRole('button', { name: text.compareModels.take(seat) });

  it('answer the same prompt, each with its name, score, words and time', async () => {
    await page.getByTitle(text.device.title).click();
    await window.dialog(text.device.title).getByText(text.commands.compareModels).click();
    const dialog = window.dialog(text.compareModels.title);
    await dialog.getByLabel(text.compareModels.model).selectOption({ label: 'Second model' });
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: text.compareModels.submit, exact: true }).click();
    await answers().waitFor();
    window.comparesModels = true;
    await answers().getByText(text.compareModels.noPrompt).first().waitFor();

    await page.keyboard.press('r');
    await window.drag([0.3, 0.2], [0.7, 0.8], size);
    const row = (title: string) => answers().getByRole('listitem').filter({ hasText: title });
    for (const title of ['Made-up model', 'Second model']) {
      for (const said of ['It is [SEG].', text.proposal.score(0.9), text.compareModels.time(1)]) {
        await row(title).getByText(said).waitFor();
      }
    }
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('give the region of the taken one, which the project names', async () => {
    await page.keyboard.press('Shift+Digit2');
    const field = window.proposal.getByLabel(text.proposal.category);
    await field.fill('disc');
    await field.press('Enter');
    await window.regions.filter({ hasText: 'disc' }).waitFor();
    await window.saved.waitFor();
    expect(await window.proposal.count()).toBe(0);
    const provenances = readProvenances(join(opened.host.home, 'Beside.pixelsail'));
    expect(provenances).toMatchObject([{ source: 'model', model: { id: 'second' } }]);
  });

  it('keep the answer of one where the other fails', async () => {
    await window.askWords('fail second');
    const failure = answers().getByText(/The made-up model was told to fail/);
    await failure.waitFor();
    expect(await take('chosen').isEnabled()).toBe(true);
    expect(await take('other').count()).toBe(0);
    await take('chosen').click();
    await expect.poll(() => window.regions.count()).toBe(2);
  });

  it('end with Escape', async () => {
    await page.keyboard.press('Escape');
    await answers().waitFor({ state: 'detached' });
    expect(opened.errors).toEqual([]);
  });
});

/** A second package of the made-up model among the user's models. */
async function installSecond(home: string): Promise<void> {
  const folder = join(home, 'models', 'second');
  await cp(join(home, '..', 'catalog', 'fake'), folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const second = { ...manifest, id: 'second', title: 'Second model' };
  await writeFile(file, JSON.stringify(second));
}

/** Rows as they lie in the file, which the host has open. */
function readProvenances(file: string): unknown[] {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare('SELECT provenance FROM annotation')
      .all()
      .map((row) => JSON.parse((row as { provenance: string }).provenance) as unknown);
  } finally {
    database.close();
  }
}
