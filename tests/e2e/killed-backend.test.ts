import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { drawnDisc, drawnPhotoSize, drawPhotos } from '../support/drawn-photos.ts';
import { hasProcesses, listProcesses } from '../support/processes.ts';
import { WindowPage } from '../support/window-page.ts';

const nano = new URL('../../models/catalog/pixel-sail-nano/manifest.json', import.meta.url);
const obstacle = noChromium ?? (hasProcesses ? null : 'there is no /proc to find the backend in');
if (obstacle) console.log(`Skipping the journey with a killed backend: ${obstacle}.`);

const size = drawnPhotoSize;
const discCorners = [
  [(drawnDisc.x - drawnDisc.radius) / size.width, (drawnDisc.y - drawnDisc.radius) / size.height],
  [(drawnDisc.x + drawnDisc.radius) / size.width, (drawnDisc.y + drawnDisc.radius) / size.height],
] as const;

describe.skipIf(obstacle !== null)(
  'a backend killed in the middle of a gesture',
  { timeout: 120_000 },
  () => {
    let host: TestBrowserHost;
    let browser: Browser;
    let page: Page;
    let window: WindowPage;

    beforeAll(async () => {
      host = await startBrowserHost({ fakeEngine: !existsSync(nano) });
      await drawPhotos(join(host.home, 'photos'));
      browser = await launchChromium();
      page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      page.setDefaultTimeout(40_000);
      window = new WindowPage(page);
      await page.goto(host.url);
      await window.createProject(host.home, 'Discs');
      await window.importFolder(join(host.home, 'photos'));
      await window.ready();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
    });

    function killBackend(): void {
      const backend = listProcesses().find(
        ({ parent, command }) => parent === process.pid && command.includes('backend.ts'),
      )!;
      process.kill(backend.pid, 'SIGKILL');
    }

    async function promptBox(): Promise<void> {
      await window.canvas.focus();
      await page.keyboard.press('r');
      await window.drag(...discCorners, size);
      await window.proposal.waitFor();
    }

    it('loses nothing that was shown as saved, and the gesture is finished', async () => {
      await promptBox();
      await window.accept('disc');
      await window.regions.filter({ hasText: 'disc' }).waitFor();
      await window.saved.waitFor();

      await window.canvas.focus();
      await page.keyboard.press('Shift+R');
      const box = (await window.canvas.boundingBox())!;
      const at = (x: number, y: number) =>
        page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 3 });
      await at(0.4, 0.5);
      await page.mouse.down();
      await at(0.5, 0.6);
      killBackend();
      await at(0.6, 0.7);
      await page.mouse.up();

      await expect.poll(() => window.regions.count(), { timeout: 40_000 }).toBe(2);
      await window.saved.waitFor();
      await page.reload();
      await expect.poll(() => window.regions.count(), { timeout: 40_000 }).toBe(2);
      await window.regions.filter({ hasText: 'disc' }).first().waitFor();
      expect(await host.backend.request('project.check', null)).toEqual([]);
    });

    it('answers the next prompt', async () => {
      await window.ready();
      await promptBox();
      expect(await page.getByText(text.prompt.failed).count()).toBe(0);
    });
  },
);
