import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addition } from '../../core/diff.ts';
import { makeCategory } from '../../core/project/category-names.ts';
import type { Annotation, ImageRecord } from '../../core/records.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { boxAnnotation } from '../support/annotations.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { grayPhoto, makeProject } from '../support/made-project.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the splits of an export: ${noChromium}.`);

const imageCount = 40;

function box({ id: imageId }: ImageRecord, categoryId: string): Annotation {
  return { ...boxAnnotation([8, 8, 40, 30]), imageId, categoryId };
}

describe.skipIf(noChromium !== null)('the splits of an export', { timeout: 120_000 }, () => {
  let folder: string;
  let host: TestBrowserHost;
  let browser: Browser;
  let window: WindowPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixelsail-splits-'));
    const file = join(folder, 'many.pixelsail');
    const images = makeProject(file, [await grayPhoto(join(folder, 'a.png'))], imageCount);
    host = await startBrowserHost({ projectFile: file, fakeEngine: true });
    const categories = ['cup', 'hat'].map((name, index) => makeCategory(name, index));
    const [cup, hat] = categories;
    const annotations = images.flatMap((image, index) => [
      box(image, cup!.id),
      ...(index % 4 === 0 ? [box(image, hat!.id)] : []),
    ]);
    const diff = addition(...categories, ...annotations);
    await host.backend.request('journal.apply', { label: 'regions', diff });
    browser = await launchChromium();
    window = new WindowPage(
      await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage(),
    );
    await window.page.goto(host.url);
    await window.ready();
  });

  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are shown before anything is written, and follow the shares that are typed', async () => {
    const { page } = window;
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    await dialog.getByText(text.splitShares.title, { exact: true }).first().click();
    const legend = (split: keyof typeof text.splits, count: number) =>
      dialog.getByRole('listitem').getByText(`${text.splits[split]} ${count}`, { exact: true });
    await legend('none', imageCount).waitFor();
    await dialog.getByText(text.splitShares.share).click();
    await legend('train', 32).waitFor();
    await legend('test', 4).waitFor();
    await dialog.getByLabel(text.splits.test, { exact: true }).fill('0');
    await dialog.getByLabel(text.splits.validation, { exact: true }).fill('80');
    await legend('validation', 20).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel(text.splitShares.groupBy).selectOption('pattern');
    await dialog.getByLabel(text.splitShares.pattern).fill('(');
    await dialog.getByText(text.splitShares.patternWrong).waitFor();
    await dialog.getByLabel(text.splitShares.pattern).fill('^0');
    await dialog.getByText(text.splitShares.groups(1)).waitFor();
    await dialog.getByLabel(text.splitShares.groupBy).selectOption('image');
    await dialog.getByLabel(text.export.file, { exact: true }).fill(join(folder, 'out.json'));
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(text.export.proofGood({ objects: 50, exact: 50 } as never)).waitFor();
  });
});
