import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceKinds } from '../../core/prompt.ts';
import { convertCheckpoint } from '../../models/families/pixel-sail/convert/convert.ts';
import type { PixelSailManifest } from '../../models/families/pixel-sail/manifest.ts';
import { deviceTest } from '../../models/families/pixel-sail/network/device-test.ts';
import { openDevice } from '../../models/onnx/device.ts';
import { lowestOverlap, readParityFixture } from '../support/parity-fixture.ts';
import { computeParityArrays } from '../support/parity-run.ts';

/**
 * Every device of this machine that is not the CPU. Real GPUs multiply with less precision than
 * float32, so masks and greedy tokens are compared, not every digit.
 */
const fixtureFolder = resolve(import.meta.dirname, '../fixtures/parity-small');

describe('a device of this machine', { timeout: 300_000 }, () => {
  let folder: string;
  let manifest: PixelSailManifest;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixel-sail-gpu-'));
    const options = { precision: 'fp32', id: 'gpu', title: 'GPU' } as const;
    manifest = await convertCheckpoint(fixtureFolder, join(folder, 'package'), options);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const device of deviceKinds.filter((kind) => kind !== 'cpu')) {
    it(`gives the recorded masks and words on ${device}`, async (context) => {
      const directory = join(folder, 'package');
      const { graphs, config } = manifest;
      const source = { directory, graphs, hash: directory };
      const { report, lease } = await openDevice(source, deviceTest(config), device);
      await lease.release();
      const reason = report.fallbacks[0]?.reason;
      if (reason !== undefined) {
        console.log(`Skipped: parity on ${device}, because ${reason}.`);
        context.skip(reason);
      }
      const fixture = await readParityFixture(fixtureFolder);
      const arrays = await computeParityArrays(fixture, directory, device);
      expect(lowestOverlap(fixture.expected.get('masks')!, arrays.get('masks')!)).toBeGreaterThan(
        0.98,
      );
      expect(arrays.get('gen_new_ids')).toEqual(
        Array.from(fixture.expected.get('gen_new_ids')!.data, Number),
      );
    });
  }
});
