import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawPhotos } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';

if (noChromium) console.log(`Skipping the first run: ${noChromium}.`);

describe.skipIf(noChromium !== null)('the first run', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true });
  });
  afterAll(() => opened?.close());

  it('is led through the sample until a mask is exported, and can be again', async () => {
    const { page, window, host } = opened;
    await window.button(text.tour.begin).click();
    const card = page.getByRole('region', { name: text.tour.title });
    await card.getByText(text.tour.steps.point.title).waitFor();
    await window.ready();
    expect(await seriousFindings(page)).toEqual([]);
    const { width, height } = (await window.canvas.boundingBox())!;
    await page.keyboard.press('q');
    await window.canvas.click({ position: { x: width / 2, y: height / 2 } });
    await card.getByText(text.tour.steps.keep.title).waitFor();
    await window.accept('thing');
    await card.getByText(text.tour.steps.done.title).waitFor();
    await page.keyboard.press('Control+Enter');
    await card.getByText(text.tour.steps.export.title).waitFor();
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    const file = join(host.home, 'tour.json');
    await dialog.getByLabel(text.export.file, { exact: true }).fill(file);
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(/read back and compared/).waitFor();
    await page.keyboard.press('Escape');
    await card.getByText(text.tour.steps.end.title).waitFor();
    const { annotations } = JSON.parse(await readFile(file, 'utf8')) as { annotations: unknown[] };
    expect(annotations).toHaveLength(1);
    await card.getByRole('button', { name: text.tour.finish }).click();
    await card.waitFor({ state: 'detached' });
    await window.openMenu(text.commands.tour);
    await card.getByText(text.tour.steps.point.title).waitFor();
    await card.getByRole('button', { name: text.tour.skip }).click();
    await window.openMenu(text.commands.closeProject);
    await page.getByText(text.start.recent).waitFor();
    expect(await window.button(text.tour.begin).count()).toBe(0);
  });

  it('is led through the annotate view, whatever view was shown before', async () => {
    const { page, window } = opened;
    await page.getByRole('button', { name: text.start.benchmark }).click();
    await window.canvas.waitFor();
    await page.keyboard.press('Alt+4');
    await page.getByRole('tab', { name: text.author.description }).waitFor();
    await window.openMenu(text.commands.tour);
    await page.getByText(text.tour.steps.point.title).waitFor();
    await page.getByRole('toolbar', { name: text.tools.label }).waitFor();
    await page.getByRole('button', { name: text.tour.skip }).click();
    await window.openMenu(text.commands.closeProject);
    await page.getByText(text.start.recent).waitFor();
  });

  it('makes a folder in the chooser, keeps it, and says that it is empty', async () => {
    const { page, window, host } = opened;
    const places = join(host.home, 'places');
    await mkdir(places);
    await page.getByRole('button', { name: text.start.create }).click();
    const create = window.dialog(text.dialogs.create.title);
    await create.getByRole('button', { name: text.dialogs.choose }).click();
    const chooser = window.dialog(text.dialogs.create.folder);
    await chooser.getByRole('listitem').first().waitFor();
    await chooser.getByLabel(text.dialogs.browser.path).fill(places);
    await chooser.getByRole('button', { name: text.dialogs.browser.go }).click();
    await chooser.getByText(text.places.emptyFolder).waitFor();
    await chooser.getByRole('button', { name: text.places.newFolder }).click();
    await chooser.getByLabel(text.places.newFolderName).fill('mine');
    await chooser.getByRole('button', { name: text.places.make }).click();
    const path = chooser.getByLabel(text.dialogs.browser.path);
    await expect.poll(() => path.inputValue()).toBe(join(places, 'mine'));
    await chooser.getByRole('button', { name: text.places.keep }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await chooser.getByRole('button', { name: text.dialogs.browser.chooseFolder }).click();
    await create.getByRole('button', { name: text.dialogs.choose }).click();
    await expect.poll(() => path.inputValue()).toBe(join(places, 'mine'));
    const kept = chooser.getByRole('navigation', { name: text.places.title });
    await expect.poll(() => kept.getByRole('button', { name: 'mine' }).count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('offers the photos that lie beside a new project', async () => {
    const { page, window, host } = opened;
    const folder = join(host.home, 'with photos');
    await drawPhotos(folder);
    await window.createProject(folder, 'Beside');
    await page.getByText(text.places.photosHere(4)).waitFor();
    await window.button(text.places.addPhotos).click();
    await window.canvas.waitFor();
  });

  it('shows what is new after an update, once', async () => {
    const { page, window, host } = opened;
    const { settings } = (await host.backend.request('settings.get', null)) as {
      settings: object;
    };
    await host.backend.request('settings.set', { ...settings, seenVersion: '0.0.1' });
    await page.reload();
    const { version } = packageJson;
    const notice = page.locator('.notice', { hasText: text.releaseNotes.updated(version) });
    await notice.getByRole('button', { name: text.releaseNotes.show }).click();
    await window.dialog(text.releaseNotes.title(version)).getByRole('list').first().waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await window.canvas.waitFor();
    await page.getByText(text.encode.ready).waitFor();
    expect(await notice.count()).toBe(0);
  });
});
