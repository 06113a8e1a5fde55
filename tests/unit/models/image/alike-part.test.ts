import { describe, expect, it } from 'vitest';
import { alikePart } from '../../../../models/image/alike-part.ts';
import { connectedParts } from '../../../../models/image/connected-parts.ts';
import { twoGroups } from '../../../../models/image/two-groups.ts';

/** An image of one letter for each pixel: dark `d`, light `l`, and black outside the mask. */
function drawn(rows: readonly string[], levels: Readonly<Record<string, number>>) {
  const letters = rows.flatMap((row) => row.split(''));
  const pixels = Uint8Array.from(letters.flatMap((letter) => Array(3).fill(levels[letter] ?? 0)));
  const mask = Uint8Array.from(letters, (letter) => Number(letter !== '.'));
  const size = { width: rows[0]!.length, height: rows.length };
  const written = (part: Uint8Array | null) =>
    part && rows.map((_, row) => part.slice(row * size.width, (row + 1) * size.width).join(''));
  return { image: { ...size, pixels }, mask, written };
}

const clear = { d: 60, l: 220 };
const dark = (row: number) => 'd'.repeat(12) + 'l'.repeat(12) + (row % 2 ? '.' : 'l').repeat(2);
const twoHalves = Array.from({ length: 12 }, (_, row) => dark(row));

describe('the part of a mask that is alike to a click', () => {
  it('ends where the colour changes', () => {
    const { image, mask, written } = drawn(twoHalves, clear);
    const part = written(alikePart(image, mask, { at: 26 * 5 + 3, others: [] }))!;
    expect(part[5]!.slice(0, 11)).toBe('1'.repeat(11));
    expect(part[5]!.slice(14)).not.toContain('1');
  });

  it('is nothing where the mask does not clearly have two colours', () => {
    const { image, mask } = drawn(twoHalves, { d: 120, l: 140 });
    expect(alikePart(image, mask, { at: 26 * 5 + 3, others: [] })).toBeNull();
    const even = drawn(twoHalves, { d: 120, l: 120 });
    expect(alikePart(even.image, even.mask, { at: 26 * 5 + 3, others: [] })).toBeNull();
  });

  it('is nothing where something alike is clicked as the object', () => {
    const { image, mask } = drawn(twoHalves, clear);
    expect(alikePart(image, mask, { at: 26 * 5 + 3, others: [26 * 5 + 8] })).toBeNull();
    expect(alikePart(image, mask, { at: 26 * 5 + 3, others: [26 * 5 + 20] })).not.toBeNull();
  });

  it('does not depend on a click on the object far outside the mask', () => {
    const row = `${'d'.repeat(6)}${'b'.repeat(6)}${'l'.repeat(12)}${'.'.repeat(8)}`;
    const { image, mask, written } = drawn(
      Array.from({ length: 12 }, () => row),
      { d: 30, b: 5, l: 220 },
    );
    const part = written(alikePart(image, mask, { at: 32 * 5 + 2, others: [32 * 5 + 30] }))!;
    expect(part[5]!.slice(0, 11)).toBe('1'.repeat(11));
  });

  it('is not what has its colour elsewhere in the mask', () => {
    const rows = Array.from(
      { length: 12 },
      () => `${'d'.repeat(8)}${'l'.repeat(10)}${'d'.repeat(8)}`,
    );
    const { image, mask, written } = drawn(rows, clear);
    const part = written(alikePart(image, mask, { at: 26 * 5 + 3, others: [] }))!;
    expect(part[5]!.startsWith('1111111')).toBe(true);
    expect(part[5]!.slice(18)).toBe('0'.repeat(8));
  });
});

describe('connected parts', () => {
  it('are those of pixels that touch by their sides', () => {
    const rows = ['110010', '010110', '001000'];
    const bitmap = Uint8Array.from(rows.join(''), Number);
    const { partOf, areas } = connectedParts(bitmap, { width: 6, height: 3 });
    expect(Array.from(partOf)).toEqual([1, 1, 0, 0, 2, 0, 0, 1, 0, 2, 2, 0, 0, 0, 3, 0, 0, 0]);
    expect(areas).toEqual([11, 3, 3, 1]);
  });

  it('do not go on from the end of a row to the next one', () => {
    const bitmap = Uint8Array.from('001100', Number);
    expect(connectedParts(bitmap, { width: 3, height: 2 }).areas).toEqual([4, 1, 1]);
  });
});

describe('two groups of values', () => {
  it('are divided between them', () => {
    const values = Float32Array.from([0, 1, 2, 1, 80, 81, 79, 80]);
    const { threshold, separability, gap } = twoGroups(values)!;
    expect(threshold).toBeGreaterThan(2);
    expect(threshold).toBeLessThan(79);
    expect(separability).toBeGreaterThan(0.99);
    expect(Math.abs(gap - 79)).toBeLessThan(1);
  });

  it('are hardly separable in an even spread', () => {
    const values = Float32Array.from({ length: 1000 }, (_, index) => index);
    expect(twoGroups(values)!.separability).toBeLessThan(0.8);
  });

  it('are none where all values are nought', () => {
    expect(twoGroups(new Float32Array(4))).toBeNull();
  });
});
