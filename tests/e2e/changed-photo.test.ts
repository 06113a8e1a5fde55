import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';

if (noChromium) console.log(`Skipping changed photos: ${noChromium}.`);

describe.skipIf(noChromium !== null)('a photo on disk', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Changed' });
  });

  afterAll(() => opened?.close());

  it('that changed, but not its pixels nor its bytes in number, is named when it is opened', async () => {
    const { page, photos } = opened;
    const changed = join(photos, 'disc 2.jpg');
    const bytes = await readFile(changed);
    // One byte within the first table by which a JPEG scales its waves.
    bytes[bytes.indexOf(Buffer.from([0xff, 0xdb])) + 30]! += 20;
    await writeFile(changed, bytes);
    expect(await page.getByRole('alert').textContent()).toBe('');
    await page.getByRole('application').press('PageDown');
    const said = page.getByRole('alert').getByText('its content has changed');
    await said.waitFor();
    expect(await said.textContent()).toContain('disc 2.jpg differs from the imported photo');
    await page.getByRole('application').press('PageDown');
    await said.waitFor({ state: 'detached' });
  });
});
