import type { AskedModel } from '../../../app/features/annotation/asked-model.ts';
import { rasterizeBox } from '../../../core/geometry/raster.ts';
import { encodeRle, rleArea, rleBox } from '../../../core/geometry/rle.ts';

/** Finds the same box in every photo of 64 x 48 pixels, at once. */
export const fakeBatchModel: AskedModel = {
  hash: 'f'.repeat(64),
  requireReadable: () => undefined,
  prefetch: () => undefined,
  answer: () => {
    const rle = encodeRle(rasterizeBox([16, 12, 24, 24], 64, 48));
    const mask = {
      rle,
      area: rleArea(rle),
      bbox: rleBox(rle),
      score: 0.9,
      threshold: 0.5,
      region: null,
      label: null,
    };
    return Promise.resolve({
      answers: [{ text: 'It is [SEG].', masks: [mask], choice: null }],
      device: {
        requested: 'cpu',
        used: 'cpu',
        name: 'made up',
        selfTestMs: 1,
        threads: 1,
        fallbacks: [],
      },
      timings: { total: 1 },
      model: { id: 'fake', hash: 'f'.repeat(64) },
    });
  },
};
