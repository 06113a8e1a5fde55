import { join } from 'node:path';
import type { PromptMark } from '../../../core/prompt.ts';
import { askModel } from '../../../models/ask-model.ts';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import type { RgbImage } from '../../../models/image/rgb-image.ts';
import { loadModel } from '../../../models/load-model.ts';
import { milliseconds } from '../statistics.ts';
import type { LargeFigures } from './large.ts';
import { makeLargeCheckpoint, type LargeShape } from './made-checkpoint.ts';

// One phase of the bench in a process of its own, so that its memory is its own: prints its times
// and its peak.

const [phase, folder = '', shape, threads] = process.argv.slice(2);
const checkpoint = join(folder, 'checkpoint');
const directory = join(folder, 'package');
const tokens = 16;

const phases: Record<string, () => Promise<Partial<LargeFigures>>> = {
  async make() {
    await makeLargeCheckpoint(checkpoint, shape as LargeShape);
    return {};
  },
  async convert() {
    await convertCheckpoint(checkpoint, directory, { precision: 'int4', id: 'large', title: '' });
    return {};
  },
  async answer() {
    const options = { device: 'cpu', threads: Number(threads) } as const;
    const start = performance.now();
    const model = await loadModel(directory, options);
    const loadMs = performance.now() - start;
    const loadedMegabytes = process.memoryUsage.rss() / 1e6;
    const image = noise(512, 384);
    const encodeMs = await milliseconds(() => model.prepare(image));
    const generation = { maximumTokens: tokens };
    const result = await askModel(model, image, { task: 'describe', regions: [] }, { generation });
    const box: PromptMark = { kind: 'box', box: [60, 60, 200, 260] };
    const regions = [{ marks: [box] }];
    const boxMs = await milliseconds(() =>
      askModel(model, image, { task: 'segment', text: null, regions }),
    );
    await model.dispose();
    const tokensPerSecond = (1000 * (tokens - 1)) / (result.timings['generate'] ?? NaN);
    return { loadMs, loadedMegabytes, encodeMs, tokensPerSecond, boxMs };
  },
};

function noise(width: number, height: number): RgbImage {
  const pixels = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => (i * 2_654_435_761) >>> 24,
  );
  return { key: 'noise', width, height, pixels };
}

const start = performance.now();
const figures = await phases[phase!]!();
const ms = performance.now() - start;
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify({ ms, megabytes, ...figures }));
