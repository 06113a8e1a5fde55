import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addition, applyDiff, removal, replacement, type Diff } from '../../../core/diff.ts';
import type { Annotation, ProjectRecord } from '../../../core/records.ts';
import { rebase } from '../../../renderer/editor/rebase.ts';
import { drawnRegion, makeCategory, makeImage } from '../../support/test-editor.ts';

const image = makeImage();
const category = makeCategory('cat');
const region = drawnRegion(image, { kind: 'box', box: [10, 10, 20, 20] }, 0);
const records = (...all: ProjectRecord[]) => all;

describe('a change to older records', () => {
  it('changes the fields that it changed and leaves the others as they are now', () => {
    const stored: Annotation = { ...region, categoryId: category.id, zOrder: 5 };
    const diff = replacement(region, { ...region, attributes: { seen: true } });
    expect(rebase(diff, records(image, category, stored))).toEqual(
      replacement(stored, { ...stored, attributes: { seen: true } }),
    );
  });

  it('takes a shape with its box and area, even where one of them is the same', () => {
    const moved: Annotation = {
      ...region,
      geometry: { kind: 'box', box: [20, 10, 20, 20] },
      bbox: [20, 10, 20, 20],
    };
    const stored: Annotation = {
      ...region,
      geometry: { kind: 'box', box: [10, 10, 5, 5] },
      bbox: [10, 10, 5, 5],
      area: 25,
    };
    const [, to] = rebase(replacement(region, moved), records(image, stored)).updated[region.id]!;
    expect(to).toEqual(moved);
  });

  it('brings back a record that was removed elsewhere, without a category that is gone', () => {
    const from: Annotation = { ...region, categoryId: category.id };
    const to: Annotation = { ...from, zOrder: 3 };
    expect(rebase(replacement(from, to), records(image))).toEqual(
      addition({ ...to, categoryId: null }),
    );
  });

  it('leaves out annotations of an image that is gone, and removes only what is there', () => {
    expect(rebase(addition(region), records())).toEqual({ added: {}, updated: {}, removed: {} });
    const stored: Annotation = { ...region, zOrder: 3 };
    expect(rebase(removal(region), records(image, stored))).toEqual(removal(stored));
    expect(rebase(removal(region), records(image))).toEqual({
      added: {},
      updated: {},
      removed: {},
    });
  });

  it('can always be applied to the present records, and has its effect there', () => {
    const state = fc.option(
      fc.record({ zOrder: fc.nat(3), crowd: fc.boolean(), hasCategory: fc.boolean() }),
    );
    const asRecord = (values: { zOrder: number; crowd: boolean; hasCategory: boolean } | null) =>
      values && {
        ...region,
        zOrder: values.zOrder,
        crowd: values.crowd,
        categoryId: values.hasCategory ? category.id : null,
      };
    const change = (from: Annotation | null, to: Annotation | null): Diff => {
      if (from && to) return replacement(from, to);
      return to ? addition(to) : from ? removal(from) : addition();
    };
    fc.assert(
      fc.property(state, state, state, fc.boolean(), (before, after, present, hasCategory) => {
        const [from, to, stored] = [before, after, present].map(asRecord) as (Annotation | null)[];
        const isStorable = !stored?.categoryId || hasCategory;
        fc.pre(isStorable);
        const now = records(image, ...(hasCategory ? [category] : []), ...(stored ? [stored] : []));
        const result = applyDiff(
          new Map(now.map((record) => [record.id, record])),
          rebase(change(from!, to!), now),
        ).get(region.id);
        if (!to) {
          expect(result).toEqual(from ? undefined : (stored ?? undefined));
          return;
        }
        const changed = (['zOrder', 'crowd'] as const).filter((f) => !from || from[f] !== to[f]);
        for (const field of changed) expect((result as Annotation)[field]).toBe(to[field]);
      }),
    );
  });
});
