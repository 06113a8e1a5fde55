import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostBridge } from '../../app/api/contract.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping drops on the window: ${noChromium}.`);

type Call = (name: string, input: unknown) => Promise<unknown>;

describe.skipIf(noChromium !== null)(
  'a file that is dropped on the window',
  { timeout: 180_000 },
  () => {
    let host: TestBrowserHost;
    let browser: Browser;
    let page: Page;
    let window: WindowPage;

    beforeAll(async () => {
      browser = await launchChromium();
    });

    afterAll(() => browser?.close());

    beforeEach(async () => {
      host = await startBrowserHost({ fakeEngine: true });
      await mkdir(join(host.home, 'labels'), { recursive: true });
      page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      window = new WindowPage(page);
    });

    afterEach(async () => {
      await page.close();
      await host.stop();
    });

    /**
     * Opens the interface with the real application behind it, in a page that knows where dropped
     * files lie.
     */
    async function openKnowingPaths(folder: string): Promise<void> {
      await page.exposeFunction('callHost', (name: 'project.open', input: { file: string }) =>
        host.backend.request(name, input),
      );
      await page.addInitScript((place) => {
        const { callHost } = globalThis as typeof globalThis & { callHost: Call };
        const bridge: Partial<HostBridge> = {
          host: 'electron',
          call: callHost as HostBridge['call'],
          on: () => () => undefined,
          imageUrl: () => '',
          pathOfFile: ({ name }) => `${place}/${name}`,
          dialogs: null,
        };
        Object.assign(globalThis, { pixelSail: bridge });
      }, folder);
      await page.goto(host.url);
    }

    const drop = (name: string) =>
      page.evaluate((fileName) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['{}'], fileName));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
      }, name);

    const chosenFile = () =>
      expect.poll(
        () =>
          window
            .dialog(text.dialogs.importDataset.title)
            .getByLabel(text.dialogs.importDataset.path)
            .inputValue(),
        { timeout: 60_000 },
      );

    it('is opened as a project where it is a handout with its photos, without a dataset import', async () => {
      await host.backend.request('project.openSample', null);
      const file = join(host.home, 'Part of the sample.zip');
      await host.backend.request('jobs.start', { kind: 'make-handout', input: { file } });
      const isWritten = () =>
        access(file).then(
          () => true,
          () => false,
        );
      await expect.poll(isWritten, { timeout: 60_000 }).toBe(true);
      await host.backend.request('project.close', null);
      await openKnowingPaths(host.home);
      await page.getByRole('button', { name: text.start.create }).waitFor();
      await drop('Part of the sample.zip');
      await window.canvas.waitFor();
      expect(await window.dialog(text.dialogs.importDataset.title).count()).toBe(0);
      const project = await host.backend.request('project.current', null);
      expect(project).toMatchObject({ name: 'Part of the sample', images: 8 });
    });

    it('opens the import into the open project, with its path where it is an annotation file', async () => {
      await openKnowingPaths('/data/labels');
      await window.createProject(host.home, 'Drops');
      await drop('instances.json');
      await chosenFile().toBe('/data/labels/instances.json');

      // A further one takes its place; the command starts anew.
      await drop('panoptic.json');
      await chosenFile().toBe('/data/labels/panoptic.json');
      await page.keyboard.press('Escape');
      await window.openMenu(text.commands.importDataset);
      await chosenFile().toBe('');
    });

    it('gets a project beside it where none is open', async () => {
      const folder = join(host.home, 'labels');
      await writeFile(join(folder, 'instances.json'), '{}');
      await openKnowingPaths(folder);
      await page.getByText(text.start.noRecent).waitFor();
      await drop('instances.json');
      await chosenFile().toBe(join(folder, 'instances.json'));
      await access(join(folder, 'labels.pixelsail'));
    });

    it('is asked for in a browser, which does not say where it lies', async () => {
      await page.goto(host.url);
      await page.getByText(text.start.noRecent).waitFor();
      await drop('instances.json');
      await page.getByText(text.notices.dropIntoProject).waitFor();
      await window.createProject(host.home, 'Drops');
      await drop('instances.json');
      await page.getByText(text.notices.cannotDrop).waitFor();
      await chosenFile().toBe('');
    });
  },
);
