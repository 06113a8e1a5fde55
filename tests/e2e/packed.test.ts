import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
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

  const executable = join(unpacked, 'pixel-sail-studio');
  const flags = ['--no-sandbox', '--disable-gpu', '--sample'];
  const environment = () => ({
    ...(process.env as Record<string, string>),
    ...(runtime as ElectronRuntime).environment,
    DISPLAY: (display as Display).name,
    PIXELSAIL_HOME: home,
  });

  const start = (variables: Record<string, string> = {}) =>
    _electron.launch({
      executablePath: executable,
      args: flags,
      env: { ...environment(), ...variables },
    });

  test('starts, shows the sample project and loads the model', { timeout: 180_000 }, async () => {
    const app = await start();
    try {
      const page = await app.firstWindow();
      page.setDefaultTimeout(120_000);
      await new WindowPage(page).ready();
      expect(await app.evaluate(({ app }) => app.isPackaged)).toBe(true);
    } finally {
      await app.close();
    }
  });

  describe('runs nothing but itself', () => {
    const mark = () => join(home, 'ran');
    const script = () => `require('node:fs').writeFileSync(${JSON.stringify(mark())}, '')`;

    test('as Node for a program that asks by a variable', () => {
      spawnSync(executable, ['-e', script()], {
        env: { ...environment(), ELECTRON_RUN_AS_NODE: '1', DISPLAY: '' },
        timeout: 20_000,
      });
      expect(existsSync(mark())).toBe(false);
    });

    test('before its own code, by a variable', { timeout: 180_000 }, async () => {
      const before = join(home, 'before.cjs');
      await writeFile(before, script());
      const app = await start({ NODE_OPTIONS: `--require=${before}` });
      try {
        await new WindowPage(await app.firstWindow()).ready();
        expect(existsSync(mark())).toBe(false);
      } finally {
        await app.close();
      }
    });

    test('that lies in a folder beside its archive', { timeout: 180_000 }, async () => {
      const resources = join(unpacked, 'resources');
      await mkdir(join(resources, 'app'));
      await writeFile(join(resources, 'app', 'package.json'), '{"main":"main.js"}');
      await writeFile(join(resources, 'app', 'main.js'), `${script()};process.exit()`);
      await rename(join(resources, 'app.asar'), join(resources, 'app.away'));
      try {
        spawnSync(executable, flags, { env: environment(), timeout: 20_000 });
        expect(existsSync(mark())).toBe(false);
      } finally {
        await rename(join(resources, 'app.away'), join(resources, 'app.asar'));
        await rm(join(resources, 'app'), { recursive: true });
      }
    });
  });
});
