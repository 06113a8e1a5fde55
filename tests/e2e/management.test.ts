import { existsSync } from 'node:fs';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, verifyPackage } from '../../models/registry.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import type { TestBrowserHost } from '../support/browser-host.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { decodeSafetensors, encodeSafetensors } from '../support/checkpoint.ts';
import { noChromium } from '../support/chromium.ts';
import { writeFakeCatalog } from '../support/fake-model.ts';
import { hasProcesses, listProcesses } from '../support/processes.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping models, backups and recent projects: ${noChromium}.`);

const smallCheckpoint = fileURLToPath(new URL('../fixtures/parity-small', import.meta.url));

/**
 * A checkpoint with 16 million tokens, none of which takes room on the disk; its conversion takes
 * seconds.
 */
async function writeLongCheckpoint(folder: string): Promise<string> {
  await mkdir(folder);
  await cp(join(smallCheckpoint, 'tokens.json'), join(folder, 'tokens.json'));
  const config = JSON.parse(await readFile(join(smallCheckpoint, 'config.json'), 'utf8')) as {
    hidden_size: number;
  };
  const rows = 16_000_000;
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: rows }));
  const tensors = decodeSafetensors(await readFile(join(smallCheckpoint, 'model.safetensors')));
  const embedding = 'single_transformer.model.embed_tokens.weight';
  tensors.delete(embedding);
  const shape = [rows, config.hidden_size];
  const file = join(folder, 'model.safetensors');
  const empty = { dtype: 'F16', shape, bytes: new Uint8Array() };
  const { header, data } = safetensorsParts(encodeSafetensors(tensors.set(embedding, empty)));
  const end = data.length + 2 * rows * config.hidden_size;
  header[embedding] = { dtype: 'F16', shape, data_offsets: [data.length, end] };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(file, Buffer.concat([length, text, data]));
  await truncate(file, length.length + text.length + end);
  return folder;
}

function safetensorsParts(file: Buffer): { header: Record<string, unknown>; data: Buffer } {
  const start = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<string, unknown>;
  return { header, data: file.subarray(start) };
}

describe.skipIf(noChromium !== null)(
  'models, backups and recent projects',
  { timeout: 120_000 },
  () => {
    let opened: BrowserWindow;
    let host: TestBrowserHost;
    let page: Page;
    let window: WindowPage;

    beforeAll(async () => {
      opened = await openBrowserWindow({ fakeEngine: true });
      ({ host, page, window } = opened);
    });

    afterAll(() => opened?.close());

    const models = () => window.dialog(text.models.title);
    const inModels = (name: string) => models().getByRole('button', { name, exact: true });

    /** A package as someone would hand it over. */
    async function writePackage(id: string): Promise<string> {
      const folder = join(await writeFakeCatalog(join(host.home, `handed-over-${id}`)), 'fake');
      const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as object;
      const renamed = { ...manifest, id, title: `The ${id} model` };
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(renamed));
      await writeFile(join(folder, 'README.md'), '# Card of the model\n\nIt is **made up**.\n');
      return folder;
    }

    async function importPackage(folder: string): Promise<void> {
      await inModels(text.models.pages.import).click();
      await models().getByLabel(text.models.packageFolder).fill(folder);
      await inModels(text.models.import).click();
    }

    it('imports a model package from the start screen and shows its card', async () => {
      await window.button(text.start.models).click();
      await importPackage(await writePackage('second'));
      await models().getByRole('heading', { name: 'The second model' }).waitFor();
      await models().getByRole('heading', { name: 'Card of the model' }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
    });

    async function convert(checkpoint: string, name: string, precision: string): Promise<void> {
      await inModels(text.models.pages.convert).click();
      await models().getByLabel(text.models.checkpoint).fill(checkpoint);
      await models().getByLabel(text.models.name).fill(name);
      await models().getByLabel(precision).check();
      await inModels(text.models.convert).last().click();
    }

    it('converts a checkpoint into a package of the chosen precision', async () => {
      await convert(smallCheckpoint, 'Small weights', text.models.precisions.int4);
      await models().getByRole('heading', { name: 'Small weights' }).waitFor();
      const manifest = await readManifest(join(host.home, 'models', 'small-weights'));
      expect(manifest).toMatchObject({ title: 'Small weights', precision: 'int4' });
      await verifyPackage(join(host.home, 'models', 'small-weights'));
    });

    function signalBackend(name: NodeJS.Signals): void {
      const backend = listProcesses().find(
        ({ parent, command }) => parent === process.pid && command.includes('backend.ts'),
      )!;
      process.kill(backend.pid, name);
    }

    it.skipIf(!hasProcesses)('cancels a running conversion, of which nothing stays', async () => {
      const checkpoint = await writeLongCheckpoint(join(host.home, 'long'));
      await convert(checkpoint, 'Long weights', text.models.precisions.fp16);
      const running = models().getByRole('status');
      const progress = running.getByRole('progressbar', { name: text.jobs.convertModel });
      await progress.waitFor();
      // Stopped, so that it surely goes on for as long as the window is looked at.
      signalBackend('SIGSTOP');
      const animation = () => progress.evaluate((bar) => getComputedStyle(bar).animationName);
      expect(await animation()).not.toBe('none');
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await animation(), 'for whom moving things are too much').toBe('none');
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      expect(await seriousFindings(page)).toEqual([]);
      await running.getByRole('button', { name: text.jobs.cancel }).click();
      await running.getByRole('button', { name: text.jobs.stopping }).waitFor();
      signalBackend('SIGCONT');
      await running.waitFor({ state: 'detached' });
      await page.getByText(text.jobs.cancelled(text.jobs.convertModel, '').trim()).waitFor();
      const left = await readdir(join(host.home, 'models'));
      expect(left.toSorted()).toEqual(['second', 'small-weights']);
    });

    it('finds the file that was changed in a package', async () => {
      await models().getByRole('button', { name: 'The second model' }).click();
      await inModels(text.models.check).click();
      await models().getByText(text.models.whole).waitFor();
      await appendFile(join(host.home, 'models', 'second', 'tokenizer.json'), 'x');
      await inModels(text.models.check).click();
      await models()
        .getByText(/tokenizer\.json has the wrong size/)
        .waitFor();
    });

    it('refuses a folder that holds no package and says why', async () => {
      await importPackage(opened.photos);
      const refusal = (place: Locator | Page) =>
        place
          .getByRole('region', { name: text.notices.label })
          .locator('.notice', { hasText: 'is not a model package' });
      const dismiss = { name: text.notices.dismiss };
      await refusal(models()).getByRole('button', dismiss).click();
      await refusal(page).waitFor({ state: 'detached' });

      // Unread notices stay reachable while dialogs open and close.
      await inModels(text.models.import).click();
      await refusal(models()).waitFor();
      await inModels(text.dialogs.choose).click();
      const browser = window.dialog(text.models.packageFolder);
      await refusal(browser).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await browser.waitFor({ state: 'detached' });
      await refusal(models()).waitFor();
      await models().getByRole('button', { name: text.dialogs.close }).last().click();
      await models().waitFor({ state: 'detached' });
      await refusal(page).getByRole('button', dismiss).click();
      await refusal(page).waitFor({ state: 'detached' });
    });

    it('switches the model that answers while a project is open, and tests devices', async () => {
      await window.createProject(host.home, 'Birds');
      await page.getByText(text.device.summary({ used: 'cpu', threads: 1 })).waitFor();
      await page.getByTitle(text.device.title).click();
      await window.button(text.device.manage).click();
      await models().getByRole('button', { name: 'The second model' }).click();
      await inModels(text.models.use).click();
      await models().locator('.badge', { hasText: text.models.uses.ready }).waitFor();
      expect(await host.backend.request('models.status', null)).toMatchObject({
        state: 'ready',
        modelId: 'second',
      });
      await inModels(text.models.pages.devices).click();
      await inModels(text.models.devices.testAll).click();
      await models().getByText(text.models.devices.works('made up', 1)).first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
    });

    it('deletes a model once another one is in use, after asking', async () => {
      await models().getByRole('button', { name: 'Made-up model' }).click();
      await inModels(text.models.use).click();
      await models().locator('.badge', { hasText: text.models.uses.ready }).waitFor();
      await models().getByRole('button', { name: 'The second model' }).click();
      await inModels(text.models.delete).click();
      await inModels(text.models.deleteYes).click();
      await expect.poll(() => existsSync(join(host.home, 'models', 'second'))).toBe(false);
      await models().getByRole('button', { name: text.dialogs.close }).last().click();
    });

    it('makes a backup and restores it into a project of its own', async () => {
      await window.openMenu(text.commands.backups);
      const backups = window.dialog(text.backups.title);
      await backups.getByText(text.backups.none).waitFor();
      await backups.getByRole('button', { name: text.backups.make }).click();
      await backups.getByRole('listitem').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await backups.getByRole('button', { name: text.commands.check }).click();
      await page.getByText(text.notices.checkedClean).waitFor();
      await backups.getByRole('button', { name: text.backups.restore }).click();
      await page.getByRole('button', { name: 'Birds restored' }).waitFor();
      await backups.waitFor({ state: 'detached' });
      expect(await host.backend.request('project.current', null)).toMatchObject({
        file: join(host.home, 'Birds restored.pixelsail'),
      });
    });

    it('reopens a recent project, and shows the one whose file is gone as missing', async () => {
      await window.openMenu(text.commands.closeProject);
      await page.getByText(text.start.recent).waitFor();
      await rename(
        join(host.home, 'Birds restored.pixelsail'),
        join(host.home, 'elsewhere.pixelsail'),
      );
      await page.reload();
      await page.getByText(text.start.missing).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await window.button(text.start.forget('Birds restored')).click();
      await page.getByText(text.start.missing).waitFor({ state: 'detached' });
      await page
        .getByRole('button', { name: /^Birds / })
        .first()
        .click();
      await page.getByText(text.canvas.emptyTitle).waitFor();
    });
  },
);
