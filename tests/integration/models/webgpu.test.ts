import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceReport } from '../../../core/prompt.ts';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import { describeClosest, outOfTolerance, type ParityRow } from '../../support/parity-fixture.ts';

/**
 * The GPU path without a GPU: SwiftShader, the Vulkan emulation that comes with Chromium and
 * Electron together with a Vulkan loader. It is slow, so the fixture is the tiny one. A package
 * has graphs of plain operators for it, because ONNX Runtime's fused attention for webgpu gives
 * wrong numbers there; should it ever be used, the self-test must notice.
 */
const root = resolve(import.meta.dirname, '../../..');
const fixture = join(root, 'tests/fixtures/parity-small');
const driver = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  join(root, 'node_modules/electron/dist/vk_swiftshader_icd.json'),
].find((path) => existsSync(path) && existsSync(join(dirname(path), 'libvulkan.so.1')));
if (!driver) {
  console.log(
    'Skipped: parity on webgpu, because neither Chromium nor Electron brings SwiftShader.',
  );
}

describe.skipIf(!driver)('webgpu through SwiftShader', { timeout: 180_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixel-sail-webgpu-'));
    const options = { precision: 'fp32', id: 'parity', title: 'Parity' } as const;
    await convertCheckpoint(fixture, join(folder, 'package'), options);
    const fused = join(folder, 'fused');
    const manifest = await convertCheckpoint(fixture, fused, options);
    for (const graph of Object.values(manifest.graphs)) delete graph.plainFile;
    await writeFile(join(fused, 'manifest.json'), JSON.stringify(manifest));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function runChild(script: string, ...options: string[]): Promise<unknown> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(root, 'tests/support', script), ...options],
      { env: { ...process.env, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: dirname(driver!) } },
    );
    return JSON.parse(stdout);
  }

  it('matches every recorded stage within its tolerance', async () => {
    const rows = (await runChild(
      'parity-child.ts',
      fixture,
      join(folder, 'package'),
    )) as ParityRow[];
    console.log(`Parity of ${rows.length} arrays on webgpu; closest: ${describeClosest(rows)}`);
    expect(rows.length).toBeGreaterThan(40);
    expect(outOfTolerance(rows)).toEqual([]);
  });

  it('is reported as used after a profile showed that it multiplied the matrices', async () => {
    const report = await runChild('device-child.ts', join(folder, 'package'), 'webgpu');
    expect(report).toMatchObject({ requested: 'webgpu', used: 'webgpu', fallbacks: [] });
    expect((report as DeviceReport).selfTestMs).toBeGreaterThan(0);
  });

  it('gives way to the CPU when its numbers are wrong', async () => {
    const report = await runChild('device-child.ts', join(folder, 'fused'), 'webgpu');
    expect(report).toMatchObject({ requested: 'webgpu', used: 'cpu' });
    expect((report as DeviceReport).fallbacks[0]?.reason).toMatch(/differ from the CPU's by \d+ %/);
  });

  it('is not what auto chooses, because the driver only emulates a GPU', async () => {
    const report = (await runChild(
      'device-child.ts',
      join(folder, 'package'),
      'auto',
    )) as DeviceReport;
    expect(report.used).toBe('cpu');
    const reason = report.fallbacks.find(({ device }) => device === 'webgpu')?.reason;
    expect(reason).toMatch(/emulate a GPU on the CPU.*swiftshader/);
  });
});
