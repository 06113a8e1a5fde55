import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { questionParts, TestChatServer } from '../support/chat-server.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping two models: ${noChromium}.`);

describe.skipIf(noChromium !== null)('masks and words of two models', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let server: TestChatServer;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    server = await TestChatServer.start();
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Two' });
    ({ page, window } = opened);
  });
  afterAll(async () => {
    await opened?.close();
    await server.stop();
  });

  const models = () => window.dialog(text.models.title);
  const openModels = () => window.openMenu(text.commands.models);

  it('adds a chat server, once the person has said that photos may leave', async () => {
    await openModels();
    await models().getByRole('button', { name: text.models.pages.server }).click();
    const add = models().getByRole('button', { name: text.models.server.add });
    await models().getByLabel(text.models.server.model).fill('good');
    const address = models().getByLabel(text.models.server.address);
    await address.fill('https://user:secret@models.example.com/v1');
    await models().getByText(text.models.server.unusable).waitFor();
    await address.fill('http://models.example.com/v1');
    await models().getByText(text.models.server.unencrypted).waitFor();
    expect(await add.isDisabled()).toBe(true);
    const leaves = models().getByRole('checkbox');
    await leaves.check();
    expect(await add.isDisabled()).toBe(false);
    // The confirmation is for one address.
    await address.fill('https://other.example.com/v1');
    expect(await leaves.isChecked()).toBe(false);
    expect(await add.isDisabled()).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);

    await address.fill(server.origin);
    await models().getByText(text.models.server.stays(server.origin)).waitFor();
    await add.click();
    await models().getByText(text.models.server.gets(server.url)).waitFor();
  });

  it('asks it for words and the other one for masks, and names both', async () => {
    await models().getByRole('checkbox', { name: text.models.wordsOfProject }).check();
    await models().getByText(text.models.wordsUses.ready, { exact: true }).first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.keyboard.press('r');
    await window.drag([0.3, 0.2], [0.7, 0.8], size);
    await window.proposal.waitFor();
    await window.accept('disc');
    await window.regions.filter({ hasText: 'disc' }).click();
    await window.button(text.region.describe).click();
    await page.getByText('A brown bear in the grass.').waitFor();
    await window.button(text.region.keep).click();
    await page.getByLabel(text.region.kind).selectOption('referring');
    await window.button(text.region.refer).click();
    await window.button(text.region.keep).click();
    await window.saved.waitFor();

    const [, reference] = await server.heard();
    expect(questionParts(reference!).at(-1)!.text).toContain('Write a short referring expression');
    const { annotations, items } = readProject();
    expect(annotations).toMatchObject([{ provenance: { source: 'model', model: { id: 'fake' } } }]);
    expect(items).toMatchObject([
      { task: 'description', provenance: { source: 'model', model: { id: 'good' } } },
      {
        task: 'referring',
        content: { question: 'A brown bear in the grass' },
        provenance: { source: 'model', model: { id: 'good' } },
      },
    ]);
  });

  it('says in the region what went wrong with the server', async () => {
    await server.stop();
    await page.getByLabel(text.region.kind).selectOption('description');
    await window.button(text.region.describe).click();
    await page.getByText(/The chat server http.* cannot be reached/).waitFor();
    await window.button(text.region.discard).click();
  });

  /** Rows as they lie in the file, which the host has open. */
  function readProject() {
    const database = new Database(join(opened.host.home, 'Two.pixelsail'), { readonly: true });
    const rows = (table: string, columns: string) =>
      database
        .prepare(`SELECT ${columns} FROM ${table} ORDER BY export_id`)
        .all()
        .map((row) => {
          const read = Object.entries(row as Record<string, string>).map(([name, value]) => [
            name,
            name === 'task' ? value : (JSON.parse(value) as unknown),
          ]);
          return Object.fromEntries(read) as Record<string, unknown>;
        });
    try {
      return {
        annotations: rows('annotation', 'provenance'),
        items: rows('item', 'task, content, provenance'),
      };
    } finally {
      database.close();
    }
  }
});
