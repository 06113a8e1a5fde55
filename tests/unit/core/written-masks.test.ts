import { expect, test } from 'vitest';
import { WrittenMasks } from '../../../core/formats/coco/written-masks.ts';

test('a mask is known again by its text, in the order in which masks were written', () => {
  const masks = new WrittenMasks();
  const texts = Array.from({ length: 3000 }, (_, index) => `${index}`.repeat(index % 7));
  for (const [index, text] of texts.entries()) masks.note(2 * index, text);
  expect(texts.every((text, index) => masks.holds(2 * index, text))).toBe(true);
  expect(masks.holds(6000, '')).toBe(false);
});

test('another text is not known, nor one of an annotation out of order', () => {
  const masks = new WrittenMasks();
  masks.note(1, 'PPYo0');
  masks.note(2, 'PPYo1');
  masks.note(3, 'PPYo2');
  expect(masks.holds(1, 'PPYo1')).toBe(false);
  expect(masks.holds(3, 'PPYo2')).toBe(false);
  expect(masks.holds(2, 'PPYo1')).toBe(true);
});
