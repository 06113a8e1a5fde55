import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineMasks, meanShare } from '../../../cli/evaluation/baselines.ts';
import { spreadTargets, uniteByCategory, type Target } from '../../../cli/evaluation/dataset.ts';
import { drawChoices, mentions } from '../../../cli/evaluation/evaluate-words.ts';
import { promptFor, scribbleInside } from '../../../cli/evaluation/prompts.ts';
import { encodeRle, rleArea, rleIou } from '../../../core/geometry/rle.ts';
import type { Bitmap } from '../../../core/geometry/shapes.ts';

const [width, height] = [12, 9];

function target(id: number, pixels: Uint8Array, file = 'photo.jpg', category = 'cat'): Target {
  const rle = encodeRle({ width, height, data: pixels });
  return { id, image: { file, width, height }, category, rle, area: rleArea(rle) };
}

const masks = fc
  .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
  .filter((pixels) => pixels.includes(1));

describe('prompts from ground truth', () => {
  test('point and scribble lie inside the object, the box is tight', () => {
    fc.assert(
      fc.property(masks, (data) => {
        const bitmap: Bitmap = { width, height, data };
        const at = ([x, y]: readonly [number, number]) =>
          data[Math.floor(y) * width + Math.floor(x)];
        const point = promptFor('point', target(1, data)).regions[0]!.marks[0]!;
        expect(point.kind === 'point' && at(point.at)).toBe(1);
        for (const stop of scribbleInside(bitmap)) expect(at(stop)).toBe(1);
        const box = promptFor('box', target(1, data)).regions[0]!.marks[0]!;
        const columns = [...data].flatMap((value, index) => (value ? [index % width] : []));
        expect(box.kind === 'box' && [box.box[0], box.box[0] + box.box[2] - 1]).toEqual([
          Math.min(...columns),
          Math.max(...columns),
        ]);
      }),
    );
  });

  test('a scribble follows the long way of an object', () => {
    const data = new Uint8Array(width * height);
    for (const row of [4, 5, 6]) data.fill(1, row * width + 1, row * width + 11);
    const [from, , to] = scribbleInside({ width, height, data });
    expect(Math.abs(to![0] - from![0])).toBeGreaterThan(4);
    expect(Math.abs(to![1] - from![1])).toBeLessThan(2);
  });

  test('a text asks for the category', () => {
    const data = new Uint8Array(width * height).fill(1);
    expect(promptFor('text', target(1, data))).toEqual({
      task: 'segment',
      text: 'cat',
      regions: [],
    });
  });
});

describe('targets', () => {
  const one = (index: number) => {
    const data = new Uint8Array(width * height);
    data[index] = 1;
    return data;
  };

  test('of one category in an image are united', () => {
    const united = uniteByCategory([
      target(1, one(3)),
      target(2, one(7)),
      target(3, one(5), 'photo.jpg', 'dog'),
      target(4, one(5), 'other.jpg'),
    ]);
    expect(united.map(({ id, area }) => [id, area])).toEqual([
      [1, 2],
      [3, 1],
      [4, 1],
    ]);
  });

  test('are chosen evenly, always the same, each once, grouped by image', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (total, limit) => {
          const all = Array.from({ length: total }, (_, id) => target(id, one(0), `${id % 3}.jpg`));
          const chosen = spreadTargets(all, limit);
          expect(chosen).toEqual(spreadTargets(all, limit));
          expect(new Set(chosen.map(({ id }) => id)).size).toBe(Math.min(limit, total));
          const files = chosen.map(({ image }) => image.file);
          const changes = files.filter((file, index) => file !== files[index - 1]);
          expect(new Set(changes).size).toBe(changes.length);
        },
      ),
    );
  });
});

describe('baselines', () => {
  test('fill the box, draw a disc of the mean size, take all', () => {
    const data = new Uint8Array(width * height);
    for (let row = 2; row < 7; row++) data.fill(1, row * width + 3, row * width + 9);
    const square = target(1, data);
    const [[, filled]] = baselineMasks('box', square, 0) as [[string, typeof square.rle]];
    expect(rleIou(filled, square.rle)).toBe(1);
    const byName = Object.fromEntries(baselineMasks('point', square, meanShare([square])));
    expect(rleArea(byName.wholeImage!)).toBe(width * height);
    expect(Math.abs(rleArea(byName.disc!) - square.area)).toBeLessThan(6);
    expect(rleIou(byName.disc!, square.rle)).toBeGreaterThan(0.6);
  });
});

describe('words', () => {
  test('choices hold the right one and three others, the same each time', () => {
    const categories = ['cat', 'dog', 'cow', 'car', 'bus', 'cat'];
    fc.assert(
      fc.property(fc.integer(), (id) => {
        const choices = drawChoices({ id, category: 'cat' }, categories);
        expect(choices).toEqual(drawChoices({ id, category: 'cat' }, categories));
        expect(choices.filter((choice) => choice === 'cat')).toHaveLength(1);
        expect(new Set(choices).size).toBe(4);
      }),
    );
    const places = new Set(
      Array.from({ length: 50 }, (_, id) =>
        drawChoices({ id, category: 'cat' }, categories).indexOf('cat'),
      ),
    );
    expect(places).toEqual(new Set([0, 1, 2, 3]));
  });

  test('a name is mentioned as a whole word only', () => {
    expect(mentions('A brown Cat, sitting.', 'cat')).toBe(true);
    expect(mentions('a cattle', 'cat')).toBe(false);
    expect(mentions('the left front door of a car', 'front door')).toBe(true);
  });
});
