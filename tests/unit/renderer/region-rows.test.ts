import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../../core/records.ts';
import {
  everyRegion,
  regionRows,
  type RegionFilter,
} from '../../../renderer/editor/region-rows.ts';
import { boxAnnotation } from '../../support/annotations.ts';
import { makeCategory } from '../../support/test-editor.ts';

const [boat, buoy] = [makeCategory('boat'), makeCategory('buoy')];
const byModel = (annotation: Annotation, score: number): Annotation => ({
  ...annotation,
  provenance: {
    source: 'model',
    model: { id: 'fake', hash: '0' },
    request: { task: 'segment', text: null, regions: [] },
    threshold: 0.5,
    score,
  } as Annotation['provenance'],
});
const regions = [
  { ...byModel(boxAnnotation([0, 0, 10, 10], 0), 0.9), categoryId: boat.id },
  { ...boxAnnotation([0, 0, 30, 30], 1), categoryId: buoy.id },
  { ...byModel(boxAnnotation([0, 0, 20, 20], 2), 0.4), categoryId: boat.id },
];
const categoryOf = ({ categoryId }: Annotation) =>
  [boat, buoy].find(({ id }) => id === categoryId) ?? null;

function rows(
  filter: Partial<RegionFilter> = {},
  folded: string[] = [],
  of: readonly Annotation[] = regions,
) {
  const facts = { categoryOf, isToCheck: ({ id }: Annotation) => id === regions[0]!.id };
  return regionRows(of, facts, { ...everyRegion, ...filter }, new Set(folded)).map((row) =>
    row.kind === 'category' ? `${row.category?.name} (${row.annotations.length})` : row.number,
  );
}

describe('the list of regions', () => {
  it('is grouped by category, the topmost region first', () => {
    expect(rows()).toEqual(['boat (2)', 3, 1, 2]);
  });

  it('needs no heads for a single category', () => {
    expect(rows({}, [], [regions[0]!, regions[2]!])).toEqual([2, 1]);
    expect(rows({}, [], [])).toEqual([]);
  });

  it('is sorted by score, the least sure first, or by area', () => {
    expect(rows({ order: 'score' })).toEqual(['boat (2)', 3, 1, 2]);
    expect(rows({ order: 'area' })).toEqual([2, 'boat (2)', 3, 1]);
  });

  it('is sorted by origin, the model first, or by attributes, the missing ones first', () => {
    expect(rows({ order: 'source' })).toEqual(['boat (2)', 3, 1, 2]);
    const marked = [
      { ...regions[0]!, attributes: { material: 'wood' } },
      regions[1]!,
      { ...regions[2]!, attributes: { material: 'clay' } },
    ];
    expect(rows({ order: 'attributes' }, [], marked)).toEqual([2, 'boat (2)', 3, 1]);
    const drawn = boxAnnotation([0, 0, 5, 5], 3);
    expect(rows({ order: 'source' }, [], [...regions, drawn])).toEqual(['boat (2)', 3, 1, 4, 2]);
  });

  it('is sorted by whether a region is to check', () => {
    expect(rows({ order: 'to-check' })).toEqual(['boat (2)', 1, 3, 2]);
  });

  it('is narrowed to regions to check, small regions and attributes', () => {
    expect(rows({ isToCheck: true })).toEqual([1]);
    expect(rows({ areaBelow: 400 })).toEqual([1]);
    const marked = [{ ...regions[0]!, attributes: { material: 'Wood' } }, ...regions.slice(1)];
    expect(rows({ text: 'material wood' }, [], marked)).toEqual([1]);
  });

  it('is narrowed by name, origin and score', () => {
    expect(rows({ text: 'BUO' })).toEqual([2]);
    expect(rows({ source: 'model' })).toEqual([3, 1]);
    expect(rows({ scoreBelow: 0.5 })).toEqual([3]);
  });

  it('hides the regions of a folded category', () => {
    expect(rows({}, [boat.id])).toEqual(['boat (2)', 2]);
  });
});
