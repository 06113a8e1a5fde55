import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addition, applyDiff, invertDiff, removal } from '../../../../core/diff.ts';
import { withDependents } from '../../../../core/project/dependents.ts';
import { makeItem } from '../../../../core/project/make-item.ts';
import type { Annotation, Item, Review } from '../../../../core/records.ts';

const regions = ['a', 'b', 'c'];
const image = 'image';

function annotation(id: string): Annotation {
  const box: [number, number, number, number] = [0, 0, 1, 1];
  return {
    ...{ kind: 'annotation', id, imageId: image, categoryId: null, bbox: box, area: 1 },
    ...{ geometry: { kind: 'box', box }, crowd: false, zOrder: 0, attributes: {}, extra: {} },
    ...{ provenance: { source: 'person' }, createdAtMs: 1, updatedAtMs: 1 },
  } as Annotation;
}

const items = fc.array(fc.subarray(regions), { maxLength: 5 }).map((subjects) =>
  subjects.map((ids, index): Item => {
    const segments = ids.map((annotationId) => {
      return { tag: annotationId, annotationId, role: 'target' as const };
    });
    const content = { question: 'where', answer: '' };
    const words = { task: 'referring', content } as const;
    const made = makeItem(words, { imageId: image, segments }, { source: 'person' }, 1);
    return { ...made, id: `item-${index}` };
  }),
);

const reviewOf = (subject: Item | Annotation): Review => ({
  kind: 'review',
  id: `review of ${subject.id}`,
  imageId: image,
  itemId: subject.kind === 'item' ? subject.id : null,
  annotationId: subject.kind === 'annotation' ? subject.id : null,
  ...{ reviewer: null, verdict: 'accept', reason: null, note: '', atMs: 1 },
});

test('what is about removed regions goes with them, what is about others too stays, and one undo brings all back', () => {
  fc.assert(
    fc.property(items, fc.subarray(regions, { minLength: 1 }), (held, gone) => {
      const annotations = regions.map(annotation);
      const reviews = [...held, ...annotations].map(reviewOf);
      const before = applyDiff(new Map(), addition(...annotations, ...held, ...reviews));
      const diff = withDependents(
        removal(...annotations.filter(({ id }) => gone.includes(id))),
        held,
        reviews,
      );
      const after = applyDiff(before, diff);
      for (const item of held) {
        const left = item.segments.filter(({ annotationId }) => !gone.includes(annotationId));
        const isKept = left.length > 0 || item.segments.length === 0;
        expect((after.get(item.id) as Item | undefined)?.segments).toEqual(
          isKept ? left : undefined,
        );
        expect(after.has(`review of ${item.id}`)).toBe(isKept);
      }
      for (const id of regions) expect(after.has(`review of ${id}`)).toBe(!gone.includes(id));
      expect(applyDiff(after, invertDiff(diff))).toEqual(before);
    }),
  );
});

test('an item that the same change points at another region stays', () => {
  const words = { task: 'description', content: { text: 'x' } } as const;
  const segment = { tag: 't', annotationId: 'a', role: 'prompt' } as const;
  const item = makeItem(words, { imageId: image, segments: [segment] }, { source: 'person' });
  const moved = { ...item, segments: [{ ...segment, annotationId: 'b' }] };
  const change = { ...removal(annotation('a')), updated: { [item.id]: [item, moved] } } as const;
  expect(withDependents(change as never, [item], [])).toEqual(change);
});
