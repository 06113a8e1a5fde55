import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';

if (noChromium) console.log(`Skipping projects that are moved away and damaged: ${noChromium}.`);

describe.skipIf(noChromium !== null)('a project file', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let file: string;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Discs' });
    file = join(opened.host.home, 'Discs.pixelsail');
  });

  afterAll(() => opened?.close());

  it('that is moved away while it is open can be saved elsewhere, with the change that found it out', async () => {
    const { page, window, host } = opened;
    await rename(file, join(host.home, 'moved.pixelsail'));
    await window.canvas.focus();
    await page.keyboard.press('Shift+R');
    await window.drag([0.1, 0.2], [0.3, 0.4], drawnPhotoSize);
    await page.getByText(text.topBar.failed(1)).click();
    const help = window.dialog(text.topBar.failedTitle);
    await help.getByRole('button', { name: text.commands.saveAs }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page
      .getByRole('region', { name: text.notices.label })
      .getByRole('button', { name: text.commands.saveAs })
      .click();
    const dialog = window.dialog(text.dialogs.saveAs.title);
    await dialog.getByLabel(text.dialogs.create.name, { exact: true }).fill('Kept');
    await dialog.getByLabel(text.dialogs.create.folder).fill(host.home);
    await dialog.getByRole('button', { name: text.dialogs.saveAs.submit, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await window.saved.waitFor();
    await page.getByRole('button', { name: 'Kept' }).waitFor();
    expect(await window.regions.count()).toBe(1);
    expect(await host.backend.request('project.current', null)).toMatchObject({
      file: join(host.home, 'Kept.pixelsail'),
      annotations: 1,
    });
  });

  it('that something else changed is refused, and can be rescued into a new one', async () => {
    const { page, window, host } = opened;
    await window.openMenu(text.commands.closeProject);
    await page.getByText(text.start.recent).waitFor();
    const raw = new Sqlite(join(host.home, 'Kept.pixelsail'));
    raw.exec('CREATE TABLE theirs (a)');
    raw.close();
    await page.getByRole('button', { name: /^Kept / }).click();
    await page.getByText(/its table theirs is foreign/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await window.button(text.notices.rescue).click();
    await page.getByRole('button', { name: 'Kept rescued' }).waitFor();
    await expect.poll(() => window.regions.count()).toBe(1);
    expect(await host.backend.request('project.current', null)).toMatchObject({
      file: join(host.home, 'Kept rescued.pixelsail'),
      annotations: 1,
    });
  });
});
