import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addition } from '../../core/diff.ts';
import { makeItem } from '../../core/project/make-item.ts';
import type { Annotation, ImageRecord } from '../../core/records.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { makeAnnotation } from '../integration/db/make-records.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { drawnDisc, drawPhotos } from '../support/drawn-photos.ts';
import { makeProject, photoOf } from '../support/made-project.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { WindowPage } from '../support/window-page.ts';

const photoCount = 4;

describe.skipIf(noChromium !== null)('the results of a project', { timeout: 240_000 }, () => {
  let folder: string;
  let host: TestBrowserHost;
  let browser: Browser;
  let window: WindowPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixelsail-results-'));
    const file = join(folder, 'discs.pixelsail');
    await drawPhotos(folder);
    const names = Array.from({ length: photoCount }, (_, index) => `disc ${index + 1}.jpg`);
    const photos = await Promise.all(names.map((name) => photoOf(join(folder, name))));
    const discs = new Map<string, Annotation>();
    const images = makeProject(file, photos, photoCount, ({ id }) => {
      const { x, y, radius } = drawnDisc;
      const box: Annotation['bbox'] = [x - radius, y - radius, 2 * radius, 2 * radius];
      const region = { geometry: { kind: 'box', box }, bbox: box, area: box[2] * box[3] } as const;
      const annotation = { ...makeAnnotation(id), ...region };
      discs.set(id, annotation);
      return [annotation];
    });
    host = await startBrowserHost({ projectFile: file, fakeEngine: true });
    const items = images.flatMap(({ id }: ImageRecord) => {
      const subject = (role: 'prompt' | 'target') => ({
        imageId: id,
        segments: [{ tag: 'region1', annotationId: discs.get(id)!.id, role }],
      });
      return [
        makeItem(
          { task: 'description', content: { text: 'a round disc on soft ground' } },
          subject('prompt'),
          { source: 'person' },
        ),
        makeItem(
          { task: 'referring', content: { question: 'the disc', answer: '[region1]' } },
          subject('target'),
          { source: 'person' },
        ),
      ];
    });
    const diff = addition(...items);
    await host.backend.request('journal.apply', { label: 'items', diff });
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    window = new WindowPage(await context.newPage());
    window.page.setDefaultTimeout(60_000);
    await window.page.goto(host.url);
    await window.ready();
  });

  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const runs = () => window.page.getByRole('table', { name: text.scores.runs }).getByRole('row');
  const cards = () => window.page.getByRole('article');

  async function score(task: keyof typeof text.scores.tasks): Promise<void> {
    const { page } = window;
    await page.getByLabel(text.scores.task).first().selectOption(task);
    await page.getByLabel(text.scores.hints).setChecked(task === 'res');
    await window.button(text.scores.start).click();
  }

  it('say what they are for while there are none', async () => {
    const { page } = window;
    await page.keyboard.press('Alt+6');
    await page.getByRole('heading', { name: text.scores.empty }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('show what the model answered beside what is right', async () => {
    const { page } = window;
    await score('perbench-caption');
    await cards()
      .nth(photoCount - 1)
      .waitFor();
    expect(await runs().count()).toBe(2);
    expect(await cards().first().textContent()).toContain('a round disc on soft ground');
    await page.getByRole('figure').locator('svg[role=img]').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('mark masks, and say as a hint where words lead elsewhere', async () => {
    const { page } = window;
    await score('res');
    await page
      .getByText(/^Hint: /)
      .first()
      .waitFor();
    await page.getByLabel(text.scores.order).selectOption('hints');
    await cards()
      .nth(photoCount - 1)
      .waitFor();
    await page
      .getByRole('img', { name: text.scores.photo('disc 1.jpg') })
      .first()
      .waitFor();
  });

  it('compare two runs on the same items with an interval', async () => {
    const { page } = window;
    await score('res');
    await runs().nth(2).waitFor();
    const other = page.getByLabel(text.scores.compareWith);
    await other.selectOption({ index: 1 });
    await page.getByText(text.scores.comparisonHelp).waitFor();
    await page.getByRole('row', { name: /^gIoU/ }).first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('lead to the photo of an item, and are there when one comes back', async () => {
    const { page } = window;
    await cards().first().getByRole('button', { name: text.scores.show }).click();
    await page.getByRole('application', { name: /disc \d\.jpg/ }).waitFor();
    await page.keyboard.press('Alt+6');
    await runs().nth(2).waitFor();
    await window.button(text.scores.remove).first().click();
    await page.waitForFunction(
      (label) => document.querySelectorAll(`table[aria-label="${label}"] tbody tr`).length === 1,
      text.scores.runs,
    );
  });
});
