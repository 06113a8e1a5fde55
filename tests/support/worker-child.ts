import { appendFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { redisServer } from '../../app/remote/redis-server.ts';
import { startWorker } from '../../app/remote/worker.ts';
import { AppError } from '../../core/errors.ts';
import { rasterizeBox } from '../../core/geometry/raster.ts';
import { encodeRle, rleArea, rleBox } from '../../core/geometry/rle.ts';
import type { DeviceReport, ModelResult } from '../../core/prompt.ts';
import { hashFile, packageHash } from '../../models/package/package.ts';
import { openPixels } from '../../models/image/image-source.ts';
import { readManifest } from '../../models/registry.ts';

// A worker whose model takes a stated time and masks the left half of every photo. It notes the
// hash of each photo that it answers in a file. Red photos it cannot read.
const [url, cache, answered, modelMs] = process.argv.slice(2) as [string, string, string, string];

const device: DeviceReport = {
  ...{ requested: 'auto', used: 'cpu', name: 'made up', selfTestMs: 1, threads: 1 },
  fallbacks: [],
};

startWorker({
  server: redisServer(url),
  imagesAtOnce: 1,
  cache,
  limitBytes: 1e9,
  sharedFolders: [],
  modelFolders: [],
  lockMs: 1000,
  log: (line) => console.error(line),
  async openModel(directory) {
    const manifest = await readManifest(directory);
    const hash = packageHash(manifest);
    return {
      ...{ manifest, hash, device },
      requireReadable: () => undefined,
      prefetch: () => undefined,
      dispose: () => Promise.resolve(),
      async answer(image): Promise<ModelResult> {
        const { width, height, pixels } = await openPixels(image);
        if (pixels[0] === 255) throw new AppError('image-unreadable', 'The photo is red.');
        await wait(Number(modelMs));
        await appendFile(answered, `${await hashFile(image.path)}\n`);
        const rle = encodeRle(rasterizeBox([0, 0, width / 2, height], width, height));
        const found = { rle, area: rleArea(rle), bbox: rleBox(rle), score: 0.9, threshold: 0.5 };
        const masks = [{ ...found, region: null, label: null }];
        const answers = [{ text: '', masks, choice: null }];
        return { answers, device, timings: {}, model: { id: manifest.id, hash } };
      },
    };
  },
});
console.log('ready');
