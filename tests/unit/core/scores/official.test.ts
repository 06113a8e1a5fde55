import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Box, Rle } from '../../../../core/geometry/shapes.ts';
import { bleu, bleuCounts } from '../../../../core/scores/bleu.ts';
import { captionTokens } from '../../../../core/scores/caption-tokens.ts';
import { cider } from '../../../../core/scores/cider.ts';
import { overlapIou, rleArea } from '../../../../core/geometry/rle.ts';
import { scoresOfMatches } from '../../../../core/scores/coco-evaluation.ts';
import { matchesOfPhoto } from '../../../../core/scores/coco-matches.ts';
import { meteorOfTokens } from '../../../../core/scores/meteor.ts';
import {
  generalizedScores,
  referringOutcome,
  referringScores,
} from '../../../../core/scores/referring.ts';
import { cutWordnet } from '../../../support/cut-wordnet.ts';

/** Values of the official implementations: tests/fixtures/scores/make_golden.py. */
function golden<Value>(name: string): Value {
  const file = new URL(`../../../fixtures/scores/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Value;
}

function expectNear(values: readonly number[], wanted: readonly number[]): void {
  const far = wanted.flatMap((value, index) =>
    Math.abs(values[index]! - value) <= 1e-6 ? [] : [[index, values[index], value]],
  );
  expect(values.length).toBe(wanted.length);
  expect(far).toEqual([]);
}

interface CaptionsGolden {
  readonly items: readonly {
    readonly text: string;
    readonly references: readonly string[];
    readonly tokens: string;
    readonly referenceTokens: readonly string[];
  }[];
  readonly bleu: readonly number[];
  readonly bleus: readonly (readonly number[])[];
  readonly cider: number;
  readonly ciders: readonly number[];
}

const tokensOf = (text: string) => text.split(' ').filter((token) => token !== '');

describe('captions score as pycocoevalcap says', () => {
  const { items, ...wanted } = golden<CaptionsGolden>('captions');
  const captions = items.map(({ text, references }) => ({
    tokens: captionTokens(text),
    references: references.map(captionTokens),
  }));

  test('with the words of its tokenizer', () => {
    const pairs = items.flatMap(({ text, references, tokens, referenceTokens }) => [
      [text, tokensOf(tokens)] as const,
      ...references.map((each, index) => [each, tokensOf(referenceTokens[index]!)] as const),
    ]);
    expect(pairs.length).toBeGreaterThan(500);
    for (const [text, tokens] of pairs) expect([text, captionTokens(text)]).toEqual([text, tokens]);
  });

  test('in BLEU, of the set and of each text', () => {
    const counts = captions.map(({ tokens, references }) => bleuCounts(tokens, references));
    expectNear(bleu(counts), wanted.bleu);
    expectNear(
      counts.flatMap((each) => bleu([each])),
      wanted.bleus.flat(),
    );
  });

  test('in CIDEr', () => {
    const scores = cider(captions);
    expectNear(scores, wanted.ciders);
    expectNear([scores.reduce((sum, each) => sum + each, 0) / scores.length], [wanted.cider]);
  });
});

describe('METEOR is that of NLTK', () => {
  const { items, ...wanted } = golden<{
    items: [text: string, reference: string][];
    withSynonyms: number[];
    withoutSynonyms: number[];
  }>('meteor');
  const split = (text: string) => text.split(' ');

  test('with the synonyms of WordNet', () => {
    const wordnet = cutWordnet();
    const scores = items.map(([text, reference]) =>
      meteorOfTokens(split(text), [split(reference)], wordnet),
    );
    expectNear(scores, wanted.withSynonyms);
    expect(wanted.withSynonyms).not.toEqual(wanted.withoutSynonyms);
  });

  test('without them', () => {
    const scores = items.map(([text, reference]) =>
      meteorOfTokens(split(text), [split(reference)], null),
    );
    expectNear(scores, wanted.withoutSynonyms);
  });
});

interface ReferringGolden {
  readonly res: { ciou: number; giou: number; precision: number[] };
  /** An accuracy of no expression is null. */
  readonly gres: {
    ciou: number;
    giou: number;
    noTargetAccuracy: number | null;
    targetAccuracy: number | null;
  };
}

describe('referring segmentation scores by the rules of LAVT, LISA and ReLA', () => {
  const { size, items, ious, sets, all } = golden<{
    size: [height: number, width: number];
    items: [found: string, wanted: string][];
    ious: number[];
    sets: ReferringGolden[];
    all: ReferringGolden;
  }>('referring');
  const outcomes = items.map(([found, wanted]) =>
    referringOutcome({ size, counts: found }, { size, counts: wanted }),
  );
  const perSet = outcomes.length / sets.length;
  const scored = [
    { wanted: all, of: outcomes },
    ...sets.map((wanted, index) => ({
      wanted,
      of: outcomes.slice(index * perSet, (index + 1) * perSet),
    })),
  ];

  test('in the IoU of each answer', () => {
    expect(items.length).toBeGreaterThanOrEqual(200);
    expectNear(outcomes.map(overlapIou), ious);
  });

  test('in RES, where every expression has a target, also on the thresholds', () => {
    for (const { wanted, of } of scored) {
      const { ciou, giou, precision } = referringScores(of.filter(({ target }) => target > 0));
      expectNear(
        [ciou, giou, ...precision],
        [wanted.res.ciou, wanted.res.giou, ...wanted.res.precision],
      );
    }
  });

  test('in gRES, with answers where there is no target', () => {
    for (const { wanted, of } of scored) {
      const found = generalizedScores(of);
      expectNear([found.ciou, found.giou], [wanted.gres.ciou, wanted.gres.giou]);
      for (const name of ['noTargetAccuracy', 'targetAccuracy'] as const) {
        expectNear([found[name]].map(numberOrNone), [numberOrNone(wanted.gres[name] ?? NaN)]);
      }
    }
  });
});

/** A number that can be compared also where there is none. */
function numberOrNone(value: number): number {
  return Number.isNaN(value) ? -1 : value;
}

interface CocoRow {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox?: Box;
  readonly segmentation?: Rle;
  readonly area?: number;
  readonly iscrowd?: number;
  readonly score?: number;
}

/** The numbers of COCOeval in its order. */
function numbersOf(photos: Parameters<typeof scoresOfMatches>[0]): number[] {
  const { ap, ap50, ap75, apSmall, apMedium, apLarge, ...recalls } = scoresOfMatches(photos);
  const { ar1, ar10, ar100, arSmall, arMedium, arLarge } = recalls;
  const precisions = [ap, ap50, ap75, apSmall, apMedium, apLarge];
  return [...precisions, ar1, ar10, ar100, arSmall, arMedium, arLarge];
}

describe('detections score as pycocotools says, of all photos and of 200 subsets', () => {
  const { truth, stats, subsets, subsetStats, ...results } = golden<{
    truth: { images: { id: number }[]; categories: { id: number }[]; annotations: CocoRow[] };
    boxes: CocoRow[];
    masks: CocoRow[];
    stats: { bbox: number[]; segm: number[] };
    /** Ids of one to eight photos, which are evaluated by themselves. */
    subsets: number[][];
    subsetStats: { bbox: number[][]; segm: number[][] };
  }>('coco');

  test.each([
    ['boxes', results.boxes, stats.bbox, subsetStats.bbox],
    ['masks', results.masks, stats.segm, subsetStats.segm],
  ] as const)('by their %s, with areas, limits and crowds', (kind, detections, all, ofSubsets) => {
    expect(truth.annotations.length).toBeGreaterThan(150);
    expect(subsets).toHaveLength(200);
    const objectOf = (row: CocoRow) => ({
      image: String(row.image_id),
      category: String(row.category_id),
      region:
        kind === 'boxes'
          ? ({ kind: 'box', box: row.bbox! } as const)
          : ({ kind: 'mask', rle: row.segmentation! } as const),
    });
    const objects = truth.annotations.map((row) => ({
      ...objectOf(row),
      area: row.area!,
      crowd: row.iscrowd === 1,
    }));
    const found = detections.map((row) => {
      const area = kind === 'boxes' ? row.bbox![2] * row.bbox![3] : rleArea(row.segmentation!);
      return { ...objectOf(row), area, score: row.score! };
    });
    const photos = truth.images.map(({ id }) => {
      const isOn = ({ image }: { readonly image: string }) => image === String(id);
      return matchesOfPhoto(objects.filter(isOn), found.filter(isOn));
    });
    // They are kept as JSON.
    const kept = JSON.parse(JSON.stringify(photos)) as typeof photos;
    expectNear(numbersOf(kept), all);
    const place = new Map(truth.images.map(({ id }, index) => [id, index]));
    for (const [index, ids] of subsets.entries()) {
      expectNear(numbersOf(ids.map((id) => kept[place.get(id)!]!)), ofSubsets[index]!);
    }
    const ofLast = kept.map((photo) => photo.filter(({ category }) => category === '9'));
    expect(scoresOfMatches(ofLast)).toMatchObject({ ap: -1 });
  });
});
