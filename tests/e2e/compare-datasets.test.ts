import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageDocument, ImagePage } from '../../app/api/contract/images.ts';
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

if (noChromium) console.log(`Skipping the comparison with a dataset: ${noChromium}.`);

function region({ id: imageId }: ImageRecord, categoryId: string, left: number): Annotation {
  return { ...boxAnnotation([left, 8, 40, 30]), imageId, categoryId };
}

describe.skipIf(noChromium !== null)('a dataset and the project', { timeout: 120_000 }, () => {
  let folder: string;
  let host: TestBrowserHost;
  let browser: Browser;
  let window: WindowPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixelsail-compare-'));
    const file = join(folder, 'few.pixelsail');
    const [image] = makeProject(file, [await grayPhoto(join(folder, 'a.png'))], 1);
    host = await startBrowserHost({ projectFile: file, fakeEngine: true });
    const categories = ['cup', 'hat'].map((name, index) => makeCategory(name, index));
    const [cup, hat] = categories;
    const regions = [0, 60, 120].map((left) => region(image!, cup!.id, left));
    const diff = addition(...categories, ...regions, region(image!, hat!.id, 240));
    await host.backend.request('journal.apply', { label: 'regions', diff });
    // The same, but for one that moved, one of another category, one less and one more.
    const boxes = [
      [1, 0, 8],
      [1, 66, 8],
      [2, 120, 8],
      [2, 20, 150],
    ] as const;
    const coco = {
      images: [{ id: 1, file_name: image!.path, width: 320, height: 240 }],
      categories: categories.map(({ name }, index) => ({ id: index + 1, name })),
      annotations: boxes.map(([category_id, left, top], index) => {
        const bbox = [left, top, 40, 30];
        return { id: index + 1, image_id: 1, category_id, bbox, area: 1200, iscrowd: 0 };
      }),
    };
    await writeFile(join(folder, 'theirs.json'), JSON.stringify(coco));
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

  async function firstImage(): Promise<ImageRecord> {
    const list = await host.backend.request('images.list', { offset: 0, limit: 1 });
    const { id: imageId } = (list as ImagePage).rows[0]!;
    return ((await host.backend.request('images.document', { imageId })) as ImageDocument).image;
  }

  it('are compared, and what is chosen by kind is taken over as one step', async () => {
    const { page } = window;
    await page.keyboard.press('Control+k');
    await page.keyboard.type(text.commands.compareDatasets);
    await page.keyboard.press('Enter');
    const dialog = window.dialog(text.compareDatasets.title);
    await dialog.getByLabel(text.compareDatasets.path).fill(join(folder, 'theirs.json'));
    const compare = { name: text.compareDatasets.submit, exact: true };
    await dialog.getByRole('button', compare).click();
    const count = (kind: keyof typeof text.compareDatasets.kinds) =>
      dialog.getByRole('row', { name: text.compareDatasets.kinds[kind] }).getByRole('cell').last();
    await count('same').waitFor();
    for (const kind of ['same', 'added', 'removed', 'moved', 'relabelled'] as const) {
      expect(await count(kind).textContent()).toBe('1');
    }
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('checkbox', { name: /^Added/ }).check();
    await dialog.getByRole('checkbox', { name: /^Moved/ }).check();
    await dialog.getByRole('button', { name: text.compareDatasets.submitTake }).click();
    await dialog.getByText(text.compareDatasets.taken).waitFor();
    expect(await count('same').textContent()).toBe('3');
    expect(await count('added').textContent()).toBe('0');
    await dialog.getByRole('button', { name: text.dialogs.close, exact: true }).last().click();
    await expect.poll(() => window.regions.count()).toBe(5);
  });

  it('of which a photo has changed ask at the export what becomes of its regions', async () => {
    const { page } = window;
    const { path } = await firstImage();
    const half = join(folder, 'half.png');
    await sharp({ create: { width: 160, height: 120, channels: 3, background: '#446688' } })
      .png()
      .toFile(half);
    await copyFile(half, join(folder, path));
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    await dialog.getByLabel(text.export.file, { exact: true }).fill(join(folder, 'out.json'));
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(text.changedPhotos.title(1)).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel(text.changedPhotos.choices.scale).check();
    await dialog.getByRole('button', { name: text.changedPhotos.apply(1) }).click();
    await dialog.getByText(text.changedPhotos.applied).waitFor();
    await expect.poll(firstImage).toMatchObject({ width: 160, height: 120 });
  });
});
