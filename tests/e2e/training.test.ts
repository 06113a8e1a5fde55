import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addition } from '../../core/diff.ts';
import { encodeRle } from '../../core/geometry/rle.ts';
import type { Annotation } from '../../core/records.ts';
import { convertCheckpoint } from '../../models/families/pixel-sail/convert/convert.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { chinese } from '../../renderer/i18n/zh-CN.ts';
import { makeAnnotation, makeCategory } from '../integration/db/make-records.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { drawnDisc, drawnPhotoSize, drawPhotos } from '../support/drawn-photos.ts';
import { makeProject, photoOf } from '../support/made-project.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { WindowPage } from '../support/window-page.ts';

const python = process.env['PIXELSAIL_PYTHON'];
const canTrain =
  python !== undefined &&
  spawnSync(python, ['-c', 'import torch, cv2, pycocotools, tokenizers']).status === 0;
if (!canTrain) console.log('Skipped: PIXELSAIL_PYTHON names no Python with torch to train with.');

const tinyCheckpoint = new URL('../fixtures/parity-small', import.meta.url).pathname;

describe.skipIf(noChromium !== null || !canTrain)(
  'training on a project',
  { timeout: 400_000 },
  () => {
    let folder: string;
    let host: TestBrowserHost;
    let browser: Browser;
    let window: WindowPage;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pixelsail-training-'));
      const file = join(folder, 'discs.pixelsail');
      await drawPhotos(folder);
      const names = [1, 2, 3, 4].map((number) => join(folder, `disc ${number}.jpg`));
      const category = makeCategory({ name: 'disc' });
      const images = makeProject(file, await Promise.all(names.map(photoOf)), 4);
      host = await startBrowserHost({ projectFile: file });
      const diff = addition(
        category,
        ...images.map(({ id }) => ({ ...makeAnnotation(id), ...disc(), categoryId: category.id })),
      );
      await host.backend.request('journal.apply', { label: 'discs', diff });
      // A model with random weights learns nothing, but quickly.
      await mkdir(join(host.home, 'models'), { recursive: true });
      const options = { precision: 'fp32', id: 'tiny', title: 'Tiny' } as const;
      await convertCheckpoint(tinyCheckpoint, join(host.home, 'models', 'tiny'), options);
      await host.backend.request('models.load', { modelId: 'tiny', device: 'cpu' });
      browser = await launchChromium();
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
      window = new WindowPage(await context.newPage());
      window.page.setDefaultTimeout(180_000);
      await window.page.goto(host.url);
      await window.ready();
      await window.page.keyboard.press('Control+k');
      await window.page.keyboard.type(text.train.title);
      await window.page.keyboard.press('Enter');
    });

    afterAll(async () => {
      await browser.close();
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const dialog = () => window.dialog(text.train.title);
    const table = (title: string): Locator => window.page.getByRole('table', { name: title });
    const start = () => dialog().getByRole('button', { name: text.train.start });

    it('says how many images can be learnt from, and the command beside it', async () => {
      await dialog().getByText(text.train.enough(4)).waitFor();
      await dialog().getByText('./pixelsail finetune').waitFor();
      expect(await seriousFindings(window.page)).toEqual([]);
    });

    it('shows the stage, the progress and the log, and keeps what is trained when it is cancelled', async () => {
      await dialog().getByLabel(text.train.minutes).fill('1');
      await start().click();
      await dialog().getByText('training on cpu (seconds)').waitFor();
      expect(await dialog().getByRole('progressbar').isVisible()).toBe(true);
      await dialog().getByText(text.train.log, { exact: true }).click();
      await dialog().getByText('Learning from').waitFor();
      await dialog().getByRole('button', { name: text.jobs.cancel }).click();
      await dialog()
        .getByText(/of training are kept/)
        .first()
        .waitFor();
    });

    it('goes on from there, and shows what was gained in a table', async () => {
      await start().click();
      await table(text.train.result).waitFor();
      const rows = table(text.train.result).getByRole('row');
      const cells = async (index: number) => (await rows.nth(index).innerText()).split(/\s+/);
      expect(await cells(0)).toEqual(['mIoU', ...Object.values(text.train.columns)]);
      for (const [index, prompt] of Object.values(text.train.prompts).entries()) {
        const [name, before, after, objects] = await cells(index + 1);
        expect(name).toBe(prompt);
        for (const score of [before, after]) expect(score).toMatch(/^[01]\.\d{3}$/);
        expect(objects).toBe('1');
      }
      const models = await host.backend.request('models.list', null);
      expect(models).toContainEqual(expect.objectContaining({ id: 'made' }));
    });

    it('says all of it in Chinese', async () => {
      await host.backend.request('settings.set', { language: 'zh-CN' });
      await window.page.reload();
      await window.page.getByText(chinese.encode.ready).waitFor();
      await window.page.keyboard.press('Control+k');
      await window.page.keyboard.type(chinese.train.title);
      await window.page.keyboard.press('Enter');
      const again = window.dialog(chinese.train.title);
      await again.getByLabel(chinese.train.minutes).fill('2');
      await again.getByRole('button', { name: chinese.train.start }).click();
      await again.getByText('在 cpu 上训练（秒）').waitFor();
      await again.getByRole('button', { name: chinese.jobs.cancel }).click();
      await again.getByRole('progressbar').waitFor({ state: 'detached' });
    });
  },
);

function disc(): Pick<Annotation, 'geometry' | 'bbox' | 'area'> {
  const { width, height } = drawnPhotoSize;
  const { x, y, radius } = drawnDisc;
  const data = Uint8Array.from({ length: width * height }, (_, index) =>
    Math.hypot((index % width) - x, Math.floor(index / width) - y) < radius ? 1 : 0,
  );
  const rle = encodeRle({ width, height, data });
  const bbox = [x - radius, y - radius, 2 * radius, 2 * radius] as const;
  return {
    geometry: { kind: 'mask', rle },
    bbox: [...bbox],
    area: data.reduce((sum, value) => sum + value, 0),
  };
}
