import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packApplication } from '../../build/pack-application.ts';
import { provideElectron, type ElectronRuntime } from '../support/electron-runtime.ts';
import { startDisplay, type Display } from '../support/virtual-display.ts';
import { WindowPage } from '../support/window-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const unpacked = join(root, 'release', 'linux-unpacked');

const isBuilt = existsSync(join(root, 'dist', 'electron', 'main.cjs'));
const runtime = !isBuilt
  ? 'dist/ is not built, run `npm run build`'
  : process.platform === 'linux'
    ? provideElectron()
    : 'the packed application is started on Linux only';
const display = typeof runtime === 'string' ? runtime : await startDisplay();
if (typeof display === 'string') console.log(`Skipping the packed application: ${display}.`);

describe.skipIf(typeof display === 'string')('the packed application', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'pixel-sail-packed-'));
    process.chdir(root);
    await packApplication({ asFolder: true });
  }, 300_000);
  afterAll(async () => {
    (display as Display).stop();
    await rm(home, { recursive: true, force: true });
  });

  test('holds the model, the photos and the binaries of this platform only', () => {
    const resources = join(unpacked, 'resources');
    expect(readdirSync(join(resources, 'catalog'))).toContain('pixel-sail-nano');
    expect(readdirSync(join(resources, 'sample-photos'))).toContain('cat.jpg');
    const onnxruntime = 'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6';
    expect(readdirSync(join(resources, onnxruntime))).toEqual([process.platform]);
  });

  test('starts, shows the sample project and loads the model', { timeout: 180_000 }, async () => {
    const { environment } = runtime as ElectronRuntime;
    const app = await _electron.launch({
      executablePath: join(unpacked, 'pixel-sail-studio'),
      args: ['--no-sandbox', '--disable-gpu', '--sample'],
      env: {
        ...(process.env as Record<string, string>),
        ...environment,
        DISPLAY: (display as Display).name,
        PIXELSAIL_HOME: home,
      },
    });
    try {
      const page = await app.firstWindow();
      page.setDefaultTimeout(120_000);
      await new WindowPage(page).ready();
      expect(await app.evaluate(({ app }) => app.isPackaged)).toBe(true);
    } finally {
      await app.close();
    }
  });
});
