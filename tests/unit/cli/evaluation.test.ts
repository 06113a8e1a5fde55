import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineMasks, meanShare } from '../../../models/evaluation/baselines.ts';
import { setNames } from '../../../app/features/evaluation/dataset.ts';
import { spreadTargets, uniteByCategory, type Target } from '../../../models/evaluation/targets.ts';
import { clicksUntil, mostClicks, nextClick } from '../../../models/evaluation/clicks.ts';
import { answerTarget, evaluateMasks } from '../../../models/evaluation/evaluate-masks.ts';
import { gridBoxes, photosOf } from '../../../models/evaluation/evaluate-everything.ts';
import { absentCategory, evaluatePresence } from '../../../models/evaluation/evaluate-presence.ts';
import { drawChoices, mentions } from '../../../models/evaluation/evaluate-words.ts';
import {
  cumulativeIou,
  meanIou,
  meanOverSets,
  pairedDifference,
} from '../../../core/scores/paired-difference.ts';
import { promptFor, scribbleInside } from '../../../models/evaluation/prompts.ts';
import { reliabilityOf } from '../../../models/evaluation/reliability.ts';
import { scoreTable } from '../../../cli/evaluation/score-tables.ts';
import { columnsOf, setTable } from '../../../app/features/evaluation/set-table.ts';
import {
  regionColor,
  templateDescription,
} from '../../../models/evaluation/template-description.ts';
import type { Answerer, Asked } from '../../../models/evaluation/evaluation.ts';
import { encodeRle, rleArea, rleIou, rleUnion } from '../../../core/geometry/rle.ts';
import type { ModelResult } from '../../../core/prompt.ts';
import type { Bitmap } from '../../../core/geometry/shapes.ts';

const [width, height] = [12, 9];

function target(id: number, pixels: Uint8Array, file = 'photo.jpg', category = 'cat'): Target {
  const rle = encodeRle({ width, height, data: pixels });
  return { id, image: { id: file, file, width, height }, category, rle, area: rleArea(rle) };
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

describe('clicks on an error', () => {
  test('lie where the larger error is, and say what it is', () => {
    fc.assert(
      fc.property(masks, masks, (found, wanted) => {
        const [mask, truth] = [target(1, found).rle, target(2, wanted).rle];
        const click = nextClick(mask, truth);
        if (click === null) {
          expect(found).toEqual(wanted);
          return;
        }
        if (click.kind !== 'point') throw new Error('a click is a point');
        const at = Math.floor(click.at[1]) * width + Math.floor(click.at[0]);
        expect(click.positive).toBe(wanted[at] === 1);
        expect(found[at]).not.toBe(wanted[at]);
        const missing = wanted.filter((pixel, index) => pixel && !found[index]).length;
        const excess = found.filter((pixel, index) => pixel && !wanted[index]).length;
        expect(click.positive).toBe(missing >= excess);
      }),
    );
  });
});

describe('clicks until a mask is good enough', () => {
  test('are counted for each target, and as the most where it stays worse', () => {
    const ious = [[0.9], [0.5, 0.86, 0.95], [0.1, 0.2, 0.3]];
    expect(clicksUntil(0.85, ious)).toEqual({
      iou: 0.85,
      clicks: (1 + 2 + mostClicks) / 3,
      reached: 2 / 3,
    });
    expect(clicksUntil(0.95, ious)).toMatchObject({ clicks: (mostClicks + 3 + mostClicks) / 3 });
  });

  /** Marks one more column of the target with every click. */
  const columnByColumn: Asked = {
    ask: (request) => {
      const marks = request.task === 'segment' ? request.regions[0]!.marks.length : 0;
      const data = Uint8Array.from({ length: width * height }, (_, index) =>
        Number(index % width < marks),
      );
      const rle = encodeRle({ width, height, data });
      const mask = { rle, score: 0.5, threshold: 0.5, region: 0, label: null };
      const answers = [{ text: '', choice: null, masks: [mask] }];
      return Promise.resolve({ answers } as unknown as ModelResult);
    },
  } as Asked;

  test('go on until the highest wanted IoU, and stop after three without one', async () => {
    const whole = target(1, new Uint8Array(width * height).fill(1));
    const iousOf = async (until: number[]) =>
      (await answerTarget('clicks', whole, columnByColumn, until)).map(({ iou }) => iou);
    expect(await iousOf([])).toEqual([1 / 12, 2 / 12, 3 / 12]);
    expect(await iousOf([0.5, 0.75])).toHaveLength(9);
    expect((await iousOf([0.5])).at(-1)).toBe(0.5);
    expect(await iousOf([0.05])).toEqual([1 / 12, 2 / 12, 3 / 12]);
  });

  test.each([0.05, 0.9])(
    'up to %s leave the scores of the first three as they are',
    async (iou) => {
      const whole = target(1, new Uint8Array(width * height).fill(1));
      const answerer = {
        forEach: async (
          targets: readonly Target[],
          work: (one: Target, asked: Asked) => unknown,
        ) => {
          for (const one of targets) await work(one, columnByColumn);
        },
      } as unknown as Answerer;
      const without = await evaluateMasks('clicks', [whole], answerer, null);
      const { until, ...scores } = await evaluateMasks('clicks', [whole], answerer, null, [iou]);
      expect(scores).toEqual(without);
      expect(scores.miou).toBe(3 / 12);
      expect(until).toMatchObject([{ clicks: iou === 0.05 ? 1 : 11, reached: 1 }]);
    },
  );
});

describe('masks that an answer offers beside the first', () => {
  const left = (columns: number) =>
    Uint8Array.from({ length: width * height }, (_, at) => Number(at % width < columns));
  const maskOf = (columns: number) => ({ rle: target(0, left(columns)).rle, score: 0.5 });
  const answererOf = (...offered: number[]) =>
    ({
      forEach: (targets: readonly Target[], work: (one: Target, asked: Asked) => unknown) => {
        const masks = [{ ...maskOf(3), candidates: offered.map(maskOf) }];
        const ask = () => Promise.resolve({ answers: [{ masks }] } as unknown as ModelResult);
        return work(targets[0]!, { ask } as unknown as Asked);
      },
    }) as unknown as Answerer;
  const whole = target(1, left(12));

  test('count for the best candidate only', async () => {
    const { miou, oracle } = await evaluateMasks('point', [whole], answererOf(6, 2), null);
    expect([miou, oracle?.miou]).toEqual([3 / 12, 6 / 12]);
  });

  test('change nothing where the first one is the best', async () => {
    const worse = await evaluateMasks('point', [whole], answererOf(2), null);
    expect([worse.miou, worse.oracle?.miou]).toEqual([3 / 12, 3 / 12]);
  });

  test('have a column of their own in a table of several sets, and none where there are none', async () => {
    const column = async (...offered: number[]) => {
      const scores = await evaluateMasks('point', [whole], answererOf(...offered), null);
      return columnsOf(scores).get('best candidate');
    };
    expect(await column(6, 2)).toBe(0.5);
    expect(await column()).toBeUndefined();
  });
});

describe('reliability', () => {
  test('compares scores with what they promise, by fifths', () => {
    const estimates = [
      { score: 0.1, iou: 0.3 },
      { score: 0.12, iou: 0.1 },
      { score: 1, iou: 0.9 },
    ];
    const { bins, calibrationError, correlation } = reliabilityOf(estimates);
    expect(bins.map(({ from, count }) => [from, count])).toEqual([
      [0, 2],
      [0.8, 1],
    ]);
    expect(bins[0]!.meanIou).toBeCloseTo(0.2);
    expect(calibrationError).toBeCloseTo((2 * 0.09 + 0.1) / 3);
    expect(correlation).toBeGreaterThan(0.9);
  });
});

test('a table of sets ends with their mean, without the cells that are empty', () => {
  const rows = setTable([
    [
      'a',
      new Map([
        ['n', 2],
        ['mIoU', 0.5],
        ['small', NaN],
      ]),
    ],
    [
      'b',
      new Map([
        ['n', 4],
        ['mIoU', 0.7],
        ['small', 0.2],
      ]),
    ],
  ]).split('\n');
  expect(rows[2]).toBe('| a | 2 | 0.500 |  |');
  expect(rows.at(-1)).toBe('| **mean** | 6 | 0.600 | 0.200 |');
});

test('sets are called by their files, by the path where two files have one name', () => {
  expect([...setNames(['a/one.json', 'a/two.json', 'b/one.json', 'a/two.json']).values()]).toEqual([
    'a/one.json',
    'two',
    'b/one.json',
  ]);
});

test('a table of one set shows nothing for sizes that no target has', () => {
  const some = { count: 2, miou: 0.5, ciou: 0.4, giou: 0.5 };
  const none = { count: 0, miou: NaN, ciou: NaN, giou: NaN };
  const sizes = { small: none, medium: some, large: none };
  const shown = scoreTable({ ...some, sizes, baselines: {}, estimates: [], masks: [] });
  expect(shown).not.toContain('NaN');
  expect(shown).toMatch(/^ {2}small +0 *$/m);
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

  test('of two images with one file stay apart', () => {
    const pair = ['a', 'b'].map((id, index) => {
      const { image, ...rest } = target(index, one(index));
      return { ...rest, area: 1e6, image: { ...image, id } };
    });
    expect(uniteByCategory(pair)).toEqual(pair);
    expect(photosOf(pair)).toEqual(pair);
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

describe('everything', () => {
  test('a grid of boxes tiles the image', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
        const boxes = gridBoxes({ width: 40, height: 30 }, count);
        expect(boxes).toHaveLength(count);
        expect(boxes.reduce((sum, box) => sum + rleArea(box), 0)).toBe(40 * 30);
        expect(rleArea(boxes.reduce(rleUnion))).toBe(40 * 30);
      }),
    );
  });

  test('no mask, no boxes', () => {
    expect(gridBoxes({ width: 40, height: 30 }, 0)).toEqual([]);
  });

  test('asks each photo once, and only where something is large enough', () => {
    const sized = (id: number, file: string, area: number) => {
      return { ...target(id, new Uint8Array(width * height).fill(1), file), area };
    };
    const photos = photosOf([
      sized(1, 'a.jpg', 2000),
      sized(2, 'a.jpg', 3000),
      sized(3, 'b.jpg', 1000),
    ]);
    expect(photos.map(({ id }) => id)).toEqual([2]);
  });
});

describe('presence', () => {
  const frequencies = new Map([
    ['cat', 3],
    ['dog', 2],
    ['cow', 1],
    ['never annotated', 0],
  ]);
  const whole = new Uint8Array(width * height).fill(1);
  const targets = [
    target(1, whole, 'a.jpg', 'cat'),
    target(2, whole, 'b.jpg', 'dog'),
    target(3, whole, 'c.jpg', 'cat'),
  ];

  /** A model that marks the whole photo for some names. */
  function marking(names: readonly string[]) {
    const answer = (text: string | null) => ({
      answers: [{ masks: names.includes(text!) ? [{ rle: targets[0]!.rle }] : [] }],
    });
    return {
      async forEach(
        list: readonly Target[],
        work: (of: Target, asked: Asked) => Promise<void>,
      ): Promise<void> {
        for (const one of list) {
          const ask = async (request: { text?: string | null }) => answer(request.text ?? null);
          await work(one, { ask } as unknown as Asked);
        }
      },
    };
  }

  test('an absent category is one that the file has and the photo lacks, the same each time', () => {
    fc.assert(
      fc.property(fc.integer(), fc.subarray([...frequencies.keys()]), (id, present) => {
        const here = new Set(present);
        const drawn = absentCategory(id, frequencies, here);
        expect(drawn).toBe(absentCategory(id, frequencies, here));
        const lacking = ['cat', 'dog', 'cow'].filter((name) => !here.has(name));
        expect(lacking.length === 0 ? [null] : lacking).toContain(drawn);
      }),
    );
  });

  test('counts names without a mask where nothing is, and with one where something is', async () => {
    const scores = (...names: string[]) =>
      evaluatePresence(targets, targets, frequencies, marking(names));
    expect(await scores()).toMatchObject({ absentAccuracy: 1, presentAccuracy: 0, absentShare: 0 });
    expect(await scores('cat', 'dog', 'cow')).toEqual({
      ...{ count: 3, absentAccuracy: 0, presentAccuracy: 1, absentShare: 1 },
    });
    expect((await scores('cat')).presentAccuracy).toBeCloseTo(2 / 3);
  });

  test('of one category only says nothing of absent names', async () => {
    const only = new Map([['cat', 2]]);
    const scores = await evaluatePresence([targets[0]!], targets, only, marking(['cat']));
    expect(scores).toMatchObject({ absentAccuracy: NaN, presentAccuracy: 1 });
    expect(scoreTable(scores)).toMatch(/^ +N-acc\. +T-acc\. +marked where absent\nmodel +1\.000$/);
  });
});

describe('differences of models', () => {
  const overlaps = fc.array(
    fc.record({
      union: fc.integer({ min: 1, max: 99 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 9 },
  );

  test('are those of the means over sets, inside their interval, and none of a model to itself', () => {
    fc.assert(
      fc.property(fc.array(overlaps, { minLength: 1, maxLength: 3 }), (drawn) => {
        const sets = drawn.map((set) =>
          set.map(({ union, share }) => ({ union, intersection: Math.floor(share * union) })),
        );
        const better = sets.map((set) =>
          set.map(({ union, intersection }) => ({
            union,
            intersection: Math.min(union, intersection + 5),
          })),
        );
        for (const of of [meanIou, cumulativeIou]) {
          expect(pairedDifference(sets, sets, of)).toEqual({ value: 0, low: 0, high: 0 });
          const { value, low, high } = pairedDifference(better, sets, of);
          expect(value).toBe(meanOverSets(better, of) - meanOverSets(sets, of));
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeGreaterThanOrEqual(low);
        }
      }),
      { numRuns: 10 },
    );
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

  test('a template names category, colour and neighbour', () => {
    const inner = new Uint8Array(width * height);
    for (let row = 3; row < 6; row++) inner.fill(1, row * width + 4, row * width + 8);
    const outer = inner.map((pixel) => 1 - pixel);
    const pixels = new Uint8Array(3 * width * height).fill(120);
    inner.forEach((pixel, index) => {
      if (pixel) pixels.set([200, 20, 30], 3 * index);
    });
    const photo = { key: 'drawn', width, height, pixels };
    const [cat, grass] = [target(1, inner), target(2, outer, 'photo.jpg', 'grass')];
    expect(templateDescription(cat, [grass], photo)).toBe('a red cat, next to grass');
    expect(templateDescription(cat, [], photo)).toBe('a red cat');
    expect(templateDescription(grass, [cat], photo)).toBe('grey grass, next to a cat');
  });

  test.each([
    [[10, 10, 20], 'black'],
    [[250, 250, 245], 'white'],
    [[128, 128, 130], 'grey'],
    [[230, 140, 20], 'orange'],
    [[130, 85, 50], 'brown'],
    [[240, 230, 40], 'yellow'],
    [[40, 160, 60], 'green'],
    [[40, 80, 200], 'blue'],
    [[200, 30, 20], 'red'],
  ] as const)('the colour %j is %s', (color, name) => {
    const data = Uint8Array.of(1, 0);
    const pixels = Uint8Array.of(...color, 0, 255, 0);
    expect(regionColor({ pixels }, { width: 2, height: 1, data })).toBe(name);
  });

  test('a name is mentioned as a whole word only', () => {
    expect(mentions('A brown Cat, sitting.', 'cat')).toBe(true);
    expect(mentions('a cattle', 'cat')).toBe(false);
    expect(mentions('the left front door of a car', 'front door')).toBe(true);
  });
});
