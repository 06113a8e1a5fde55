import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointInGeometry } from '../../../../../core/geometry/region.ts';
import { rleIou } from '../../../../../core/geometry/rle.ts';
import type { AnswerMask, ModelRequest, PromptMark } from '../../../../../core/prompt.ts';
import { askModel } from '../../../../../models/ask-model.ts';
import { decodeImage } from '../../../../../models/image/decode.ts';
import type { RgbImage } from '../../../../../models/image/rgb-image.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import type { Model } from '../../../../../models/model.ts';

const root = resolve(import.meta.dirname, '../../../../..');

/** A cup on a saucer: a click in its middle may mean either. */
describe('a click on a cup on its saucer', { timeout: 60_000 }, () => {
  let model: Model;
  let image: RgbImage;
  beforeAll(async () => {
    model = await loadModel(resolve(root, 'models/catalog/pixel-sail-nano'), { device: 'cpu' });
    image = await decodeImage(resolve(root, 'demo/photos/coffee.jpg'));
  });
  afterAll(() => model.dispose());

  async function answer(...marks: PromptMark[]): Promise<AnswerMask> {
    const request: ModelRequest = { task: 'segment', text: null, regions: [{ marks }] };
    const { answers } = await askModel(model, image, request, {});
    return answers[0]!.masks[0]!;
  }
  const click: PromptMark = { kind: 'point', at: [300, 200], positive: true };

  it('offers other masks that hold it, largest first, none of them twice', async () => {
    const mask = await answer(click);
    const others = mask.candidates!;
    expect(others.length).toBeGreaterThan(1);
    expect(others).toEqual(others.toSorted((a, b) => b.area - a.area));
    const all = [mask, ...others];
    for (const [index, { rle }] of all.entries()) {
      expect(pointInGeometry({ kind: 'mask', rle }, [300, 200])).toBe(true);
      for (const { rle: known } of all.slice(0, index))
        expect(rleIou(known, rle)).toBeLessThan(0.95);
    }
  });

  it('has one mask when further marks say what it means', async () => {
    const { candidates } = await answer(click, { kind: 'point', at: [20, 20], positive: false });
    expect(candidates).toBeUndefined();
    const boxed = await answer({ kind: 'box', box: [150, 80, 300, 260] });
    expect(boxed.candidates).toBeUndefined();
  });
});
