import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeNameTags, shortenedName, tagHeightPx } from '../../../renderer/editor/name-tags.ts';
import { boxAnnotation } from '../../support/annotations.ts';

const viewport = { width: 800, height: 600 };
const nameOf = () => 'a name';
const widthOf = () => 50;

describe('names on the canvas', () => {
  it('never lie over each other or outside the canvas, wherever the image is', () => {
    const box = fc.tuple(
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 300 }),
    );
    const camera = fc.record({
      scale: fc.double({ min: 0.1, max: 8, noNaN: true }),
      x: fc.integer({ min: -2000, max: 500 }),
      y: fc.integer({ min: -2000, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(box, { maxLength: 60 }), camera, (boxes, at) => {
        const tags = placeNameTags(
          boxes.map((one) => boxAnnotation(one)),
          at,
          viewport,
          nameOf,
          widthOf,
        );
        for (const [index, { x, y, width }] of tags.entries()) {
          expect(x >= 0 && y >= 0).toBe(true);
          expect(x + width).toBeLessThanOrEqual(viewport.width);
          expect(y + tagHeightPx).toBeLessThanOrEqual(viewport.height);
          for (const other of tags.slice(index + 1)) {
            const isApart =
              x + width <= other.x ||
              other.x + other.width <= x ||
              y + tagHeightPx <= other.y ||
              other.y + tagHeightPx <= y;
            expect(isApart).toBe(true);
          }
        }
      }),
    );
  });

  it('are given to the largest regions first, and to none that is too small to be seen', () => {
    const [small, large] = [boxAnnotation([10, 30, 20, 20]), boxAnnotation([10, 30, 200, 200])];
    const speck = boxAnnotation([400, 400, 3, 3]);
    const tags = placeNameTags(
      [small, large, speck],
      { scale: 1, x: 0, y: 0 },
      viewport,
      nameOf,
      widthOf,
    );
    expect(tags.map(({ annotation }) => annotation)).toEqual([large]);
  });
});

describe('a name that is too wide', () => {
  const widthOf = (words: string) => 10 * Array.from(words).length;

  it.each([
    ['fits and stays', 'heron', 50, 'heron'],
    ['is one character too long', 'herons', 50, 'hero…'],
    ['is cut at a space', 'grey heron', 60, 'grey…'],
    ['is cut between characters of two units', '🐦🐦🐦🐦', 30, '🐦🐦…'],
    ['fits not at all', 'heron', 5, '…'],
  ])('that %s', (_, name, widest, shown) => {
    expect(shortenedName(name, widthOf, widest)).toBe(shown);
  });
});
