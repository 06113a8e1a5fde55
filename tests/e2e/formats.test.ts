import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostBridge } from '../../app/api/contract.ts';
import { describeFormats } from '../../app/features/dataset/dataset-formats.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { register, toyFormat } from '../support/toy-format.ts';
import { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the dialogs of formats: ${noChromium}.`);

type Call = (name: string, input: unknown) => Promise<unknown>;

describe.skipIf(noChromium !== null)('a new format', { timeout: 180_000 }, () => {
  let host: TestBrowserHost;
  let browser: Browser;
  let page: Page;
  let window: WindowPage;
  let unregister: () => void;
  /** The request of the window. */
  const exports: unknown[] = [];

  beforeAll(async () => {
    unregister = register(toyFormat);
    browser = await launchChromium();
    host = await startBrowserHost({ fakeEngine: true });
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(60_000);
    window = new WindowPage(page);
    await page.exposeFunction('callHost', (name: 'project.open', input: { file: string }) => {
      if (String(name) === 'dataset.formats') return describeFormats();
      if (String(name) === 'dataset.export') exports.push(input);
      return host.backend.request(name, input);
    });
    await page.addInitScript(() => {
      const { callHost } = globalThis as typeof globalThis & { callHost: Call };
      const bridge: Partial<HostBridge> = {
        host: 'electron',
        call: callHost as HostBridge['call'],
        on: () => () => undefined,
        imageUrl: () => '',
        dialogs: null,
      };
      Object.assign(globalThis, { pixelSail: bridge });
    });
    await page.goto(host.url);
    await window.createProject(host.home, 'Toys');
  });

  afterAll(async () => {
    unregister();
    await browser?.close();
    await host?.stop();
  });

  it('is offered by the export with its options, its name and what it cannot hold', async () => {
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    const format = dialog.getByRole('combobox').first();
    await expect.poll(() => format.locator('option').allTextContents()).toContain('Toy boxes');
    await dialog.getByLabel('Evaluation').waitFor();
    await format.selectOption('toy');
    await dialog.getByText('Everything but boxes with a category.').waitFor();
    expect(await dialog.getByLabel('Evaluation').count()).toBe(0);
    await dialog.getByLabel('Unit of boxes').selectOption('percent');
    await expect
      .poll(() => dialog.getByLabel(text.export.folder).inputValue())
      .toMatch(/[\\/]Toys-toy$/);
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await expect
      .poll(() => exports)
      .toMatchObject([{ format: 'toy', options: { unit: 'percent' } }]);
    await page.keyboard.press('Escape');
  });

  it('is offered by the import', async () => {
    await window.openMenu(text.commands.importDataset);
    const dialog = window.dialog(text.dialogs.importDataset.title);
    const format = dialog.getByRole('combobox').first();
    await expect.poll(() => format.locator('option').allTextContents()).toContain('Toy boxes');
    expect(await seriousFindings(page)).toEqual([]);
  });
});
