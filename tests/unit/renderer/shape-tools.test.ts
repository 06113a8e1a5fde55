import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometryMeasures } from '../../../core/geometry/region.ts';
import { ellipseIn } from '../../../renderer/editor/tools/ellipse.ts';
import { boxOnSide } from '../../../renderer/editor/tools/rotated-box.ts';
import { TestEditor } from '../../support/test-editor.ts';

const regionOf = (test: TestEditor) => test.editor.document.annotations[0];

describe('the ellipse', () => {
  it('becomes a polygon that fills its box as an ellipse does', async () => {
    const test = (await TestEditor.open()).tool('ellipse').drag([10, 10], [90, 70]);
    const region = regionOf(test)!;
    expect(region.bbox).toEqual([10, 10, 80, 60]);
    expect(region.area / (80 * 60)).toBeCloseTo(Math.PI / 4, 1);
    await test.editor.travel('undo');
    expect(regionOf(test)).toBeUndefined();
  });

  it('is a circle with Shift, and nothing after Escape', async () => {
    const test = (await TestEditor.open()).tool('ellipse').down(10, 10).move(50, 30);
    test.editor.escape();
    expect(test.expectState('ellipse.idle').editor.tools.draft).toBeNull();
    test.drag([10, 10], [50, 30], { shift: true });
    const [, , width, height] = regionOf(test)!.bbox;
    expect(width).toBe(height);
  });

  it('has its vertices on the ellipse of any box', () => {
    const side = fc.double({ min: 1, max: 500, noNaN: true });
    fc.assert(
      fc.property(side, side, side, side, (x, y, width, height) => {
        for (const [px, py] of ellipseIn([x, y, width, height])) {
          const [u, v] = [(2 * (px - x)) / width - 1, (2 * (py - y)) / height - 1];
          expect(u * u + v * v).toBeCloseTo(1, 6);
        }
      }),
    );
  });
});

describe('the rotated box', () => {
  it('is set by three clicks, and the second is taken back by one step', async () => {
    const test = (await TestEditor.open()).tool('rotated-box').click(20, 20).click(60, 20);
    test.expectState('rotated-box.width').editor.deleteOrStepBack();
    test.expectState('rotated-box.side').click(50, 40).move(40, 60).click(40, 60);
    expect(regionOf(test)!.geometry).toMatchObject({ kind: 'polygon' });
    test.expectState('rotated-box.idle');
    await test.editor.travel('undo');
    expect(regionOf(test)).toBeUndefined();
  });

  it('has right angles and the side that was drawn, on whichever side the third click is', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(place, place, place, (from, to, at) => {
        fc.pre(Math.hypot(to[0] - from[0], to[1] - from[1]) > 1);
        const [a, b, c, d] = boxOnSide(from, to, at);
        const dot = (b![0] - a![0]) * (c![0] - b![0]) + (b![1] - a![1]) * (c![1] - b![1]);
        expect(dot).toBeCloseTo(0, 6);
        expect([a, b]).toEqual([from, to]);
        expect(c![0] - b![0]).toBeCloseTo(d![0] - a![0], 6);
        expect(c![1] - b![1]).toBeCloseTo(d![1] - a![1], 6);
      }),
    );
  });

  it('cuts out of the selected region with Alt at its first corner', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([10, 10], [90, 70]);
    const before = regionOf(test)!.area;
    test.tool('rotated-box').click(30, 30, { alt: true }).click(60, 30).click(60, 50);
    const { geometry } = regionOf(test)!;
    expect(geometryMeasures(geometry, 100, 80).area).toBeLessThan(before);
  });
});
