import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnDisc, drawnPhotoSize } from '../support/drawn-photos.ts';
import { hasProcesses, listProcesses } from '../support/processes.ts';
import type { WindowPage } from '../support/window-page.ts';

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
    let opened: BrowserWindow;
    let page: Page;
    let window: WindowPage;

    beforeAll(async () => {
      opened = await openBrowserWindow({ fakeEngine: !existsSync(nano), project: 'Discs' });
      ({ page, window } = opened);
    });

    afterAll(() => opened?.close());

    function signalBackend(name: NodeJS.Signals): void {
      const backend = listProcesses().find(
        ({ parent, command }) => parent === process.pid && command.includes('backend.ts'),
      )!;
      process.kill(backend.pid, name);
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
      signalBackend('SIGKILL');
      await at(0.6, 0.7);
      await page.mouse.up();

      await expect.poll(() => window.regions.count(), { timeout: 40_000 }).toBe(2);
      await window.saved.waitFor();
      await page.reload();
      await expect.poll(() => window.regions.count(), { timeout: 40_000 }).toBe(2);
      await window.regions.filter({ hasText: 'disc' }).first().waitFor();
      expect(await opened.host.backend.request('project.check', null)).toEqual([]);
    });

    it('a change that was on its way is sent again', async () => {
      signalBackend('SIGSTOP');
      await window.canvas.focus();
      await page.keyboard.press('Shift+R');
      await window.drag([0.05, 0.05], [0.15, 0.2], size);
      await page.getByText(text.topBar.saving(1)).waitFor();
      signalBackend('SIGKILL');
      await window.saved.waitFor();
      await page.reload();
      await expect.poll(() => window.regions.count(), { timeout: 40_000 }).toBe(3);
    });

    it('answers the next prompt', async () => {
      await window.ready();
      await promptBox();
      expect(await page.getByText(text.prompt.failed).count()).toBe(0);
    });
  },
);
