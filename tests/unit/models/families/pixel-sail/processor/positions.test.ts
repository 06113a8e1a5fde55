import { describe, expect, it } from 'vitest';
import { patchify } from '../../../../../../models/families/pixel-sail/processor/patches.ts';
import {
  firstTextPosition,
  imageBlockPositions,
  rotaryTables,
  textPositions,
} from '../../../../../../models/families/pixel-sail/processor/positions.ts';
import { scaledTargetSize, targetSize } from '../../../../../../models/image/resize-rule.ts';
import { zoomView } from '../../../../../../models/families/pixel-sail/processor/view.ts';

describe('positions', () => {
  it('count rows and columns from 1 between the two delimiters', () => {
    const { vertical, horizontal } = imageBlockPositions({ rows: 2, columns: 3 });
    expect([...vertical]).toEqual([0, 1, 1, 1, 2, 2, 2, 4]);
    expect([...horizontal]).toEqual([0, 1, 2, 3, 1, 2, 3, 4]);
    expect(firstTextPosition({ rows: 2, columns: 3 })).toBe(5);
  });

  it('turn the fast half of the angles with the row and the slow half with the column', () => {
    const positions = { vertical: Int32Array.of(3), horizontal: Int32Array.of(7) };
    const { cos, sin } = rotaryTables(positions, 8, 10_000);
    const angles = [3 / 10_000 ** 0, 3 / 10_000 ** 0.25, 7 / 10_000 ** 0.5, 7 / 10_000 ** 0.75];
    angles.forEach((angle, column) => {
      expect(cos[column]).toBeCloseTo(Math.cos(angle), 6);
      expect(sin[column]).toBeCloseTo(Math.sin(angle), 6);
    });
  });

  it('run on both axes for text', () => {
    const { vertical, horizontal } = textPositions(5, 3);
    expect([...vertical]).toEqual([5, 6, 7]);
    expect([...horizontal]).toEqual([5, 6, 7]);
  });
});

describe('resize rule', () => {
  const rule = { patch: 16, maximumSide: 1024 };

  it('never gives a side of zero', () => {
    expect(targetSize({ width: 30_000, height: 1 }, rule)).toEqual({ width: 1024, height: 16 });
    expect(targetSize({ width: 1, height: 30_000 }, rule)).toEqual({ width: 16, height: 1024 });
  });

  it('sets the long side, up or down, where a checkpoint asks for it', () => {
    expect(scaledTargetSize({ width: 4000, height: 3000 }, 320, rule)).toEqual({
      width: 320,
      height: 240,
    });
    expect(scaledTargetSize({ width: 30, height: 40 }, 320, rule)).toEqual({
      width: 240,
      height: 320,
    });
  });
});

describe('zoom', () => {
  it('grows the box by a share of its long side and stops at the edges of the image', () => {
    const config = { patch_size: 16, max_image_side: 1024 } as Parameters<typeof zoomView>[3];
    const around = { left: 10, top: 50, width: 40, height: 20 };
    const view = zoomView(
      { width: 200, height: 100 },
      around,
      { margin: 0.5, side: 256, mirrored: false },
      config,
    );
    expect(view.part).toEqual({ left: 0, top: 30, width: 70, height: 60 });
    expect(view.size).toEqual({ width: 256, height: 224 });
  });
});

describe('patches', () => {
  it('lie in grid order, inside a patch channel, row, column, normalised as ImageNet', () => {
    const pixels = new Uint8Array(4 * 4 * 3);
    pixels.set([255, 128, 0], (1 * 4 + 2) * 3);
    const patches = patchify(pixels, { width: 4, height: 4 }, 2);
    expect(patches).toHaveLength(4 * 12);
    const second = patches.subarray(12, 24);
    expect(second[2]).toBeCloseTo((1 - 0.485) / 0.229, 5);
    expect(second[6]).toBeCloseTo((128 / 255 - 0.456) / 0.224, 5);
    expect(second[10]).toBeCloseTo(-0.406 / 0.225, 5);
    expect(second[3]).toBeCloseTo(-0.485 / 0.229, 5);
  });
});
