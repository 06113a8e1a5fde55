import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addition, replacement } from '../../core/diff.ts';
import { makeItem } from '../../core/project/make-item.ts';
import type { Item } from '../../core/records.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../db/project-database.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { WindowPage } from '../support/window-page.ts';

type Description = Extract<Item, { task: 'description' }>;

describe.skipIf(noChromium)(
  'a part of a project that goes out and back',
  { timeout: 120_000 },
  () => {
    let host: TestBrowserHost;
    let browser: Browser;
    let page: Page;
    let window: WindowPage;
    let written: Description;
    const handout = () => join(host.home, 'Sample for a colleague.pixelsail');

    beforeAll(async () => {
      host = await startBrowserHost({ fakeEngine: true });
      await host.backend.request('project.openSample', null);
      browser = await launchChromium();
      page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
      window = new WindowPage(page);
      await page.goto(host.url);
      await window.ready();
      const { rows } = (await host.backend.request('images.list', { offset: 0, limit: 1 })) as {
        rows: { id: string }[];
      };
      const subject = { imageId: rows[0]!.id, segments: [] };
      const words = { task: 'description', content: { text: 'first' } } as const;
      written = makeItem(words, subject, { source: 'person' }) as Description;
      await apply(addition(written));
    });
    afterAll(async () => {
      await browser?.close();
      await host?.stop();
    });

    const apply = (diff: unknown) => host.backend.request('journal.apply', { label: 'Edit', diff });
    const says = (words: string): Description => ({ ...written, content: { text: words } });

    async function inHandout(work: (database: ProjectDatabase) => void): Promise<void> {
      const database = openProjectDatabase(handout());
      work(database);
      await database.endReads();
      database.close();
    }

    it('is written where it is asked for', async () => {
      await window.openMenu(text.commands.handOut);
      const dialog = window.dialog(text.handout.make.title);
      await dialog.getByLabel(text.dialogs.create.folder).fill(host.home);
      await dialog.getByRole('button', { name: text.handout.make.submit }).click();
      await page
        .getByText(text.handout.made({ file: handout(), images: 8, photos: null, leftOut: [] }))
        .waitFor();
    });

    it('shows both sides of what both changed, and takes the one that is chosen', async () => {
      await inHandout((database) => database.apply('Edit', replacement(written, says('theirs'))));
      await apply(replacement(written, says('ours')));
      await window.openMenu(text.commands.mergeHandout);
      const dialog = window.dialog(text.handout.merge.title);
      await dialog.getByRole('textbox', { name: text.handout.merge.file }).fill(handout());
      await dialog.getByRole('button', { name: text.handout.merge.compare }).click();
      await dialog.getByText(text.handout.merge.conflicts(1)).waitFor();
      await dialog.getByText('ours', { exact: true }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByText('theirs', { exact: true }).click();
      await dialog.getByRole('button', { name: text.handout.merge.submit, exact: true }).click();
      const counts = { added: 0, updated: 1, removed: 0, leftOut: 0 };
      await page.getByText(text.handout.merged(counts)).waitFor();
      const { items } = (await host.backend.request('images.document', {
        imageId: written.imageId,
      })) as { items: Description[] };
      expect(items.map(({ content }) => content.text)).toEqual(['theirs']);
    });

    it('is one file with the photos, which is opened as a project', async () => {
      await window.openMenu(text.commands.handOut);
      const dialog = window.dialog(text.handout.make.title);
      await dialog.getByLabel(text.dialogs.create.folder).fill(host.home);
      await dialog.getByLabel(text.handout.hasPhotos).check();
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: text.handout.make.submit }).click();
      const file = handout().replace(/\.pixelsail$/, '.zip');
      await page
        .getByText(text.handout.made({ file, images: 8, photos: null, leftOut: [] }))
        .waitFor();
      await page.keyboard.press('Control+o');
      const places = window.dialog(text.dialogs.open.title);
      await places.getByLabel(text.dialogs.browser.path).fill(host.home);
      await places.getByLabel(text.dialogs.browser.path).press('Enter');
      await places
        .getByRole('button', { name: 'Sample for a colleague.zip', exact: true })
        .first()
        .click();
      await expect
        .poll(() => host.backend.request('project.current', null), { timeout: 60_000 })
        .toMatchObject({ name: 'Sample for a colleague', images: 8 });
    });
  },
);
