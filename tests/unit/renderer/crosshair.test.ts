import { beforeEach, describe, expect, it } from 'vitest';
import type { Point } from '../../../core/geometry/shapes.ts';
import { toScreen } from '../../../renderer/editor/camera.ts';
import { makeImage, TestEditor } from '../../support/test-editor.ts';

const plain = { shift: false, alt: false, ctrl: false };
const right: Point = [1, 0];
const down: Point = [0, 1];

describe('the crosshair', () => {
  let test: TestEditor;
  beforeEach(async () => {
    test = await TestEditor.open(makeImage({ width: 100, height: 80 }));
    test.editor.view.resize({ width: 464, height: 384 });
    test.editor.view.fit();
    expect(test.editor.view.camera.scale).toBe(4);
  });
  const walk = (direction: Point, steps: number) => {
    for (let step = 0; step < steps; step++) test.editor.tools.crosshair.move(direction, false);
  };

  it('appears in the middle and moves by pixels, or by ten with a large step', () => {
    const { crosshair } = test.editor.tools;
    crosshair.move(right, false);
    expect(crosshair.at).toEqual([51, 40]);
    crosshair.move(down, true);
    expect(crosshair.at).toEqual([51, 50]);
  });

  it('stops at the edges of the image', () => {
    walk([-1, -1], 200);
    expect(test.editor.tools.crosshair.at).toEqual([0, 0]);
    walk([1, 1], 200);
    expect(test.editor.tools.crosshair.at).toEqual([100, 80]);
  });

  it('stays in sight when the image is larger than the window', () => {
    const { view } = test.editor;
    const { crosshair } = test.editor.tools;
    view.zoom(8);
    for (let step = 0; step < 60; step++) {
      crosshair.move(right, false);
      const [x] = toScreen(view.camera, crosshair.at!);
      expect(x).toBeLessThanOrEqual(464 - 32);
      expect(x).toBeGreaterThanOrEqual(32);
    }
    expect(crosshair.at).toEqual([100, 40]);
  });

  it('asks with a point, not belonging with Alt', () => {
    test.tool('point');
    walk(right, 10);
    test.editor.tools.crosshair.place(plain);
    test.editor.tools.crosshair.place({ ...plain, alt: true });
    expect(test.bridge.waiting.at(-1)?.input.request.regions[0]?.marks).toEqual([
      { kind: 'point', at: [60, 40], positive: true },
      { kind: 'point', at: [60, 40], positive: false },
    ]);
  });

  it('asks with a box between two presses', () => {
    test.tool('box');
    walk(right, 10);
    test.editor.tools.crosshair.place(plain);
    expect(test.editor.tools.crosshair.lastPlaced?.isPressed).toBe(true);
    walk(right, 20);
    walk(down, 10);
    test.editor.tools.crosshair.place(plain);
    expect(test.askedMarks).toEqual([{ kind: 'box', box: [60, 40, 20, 10] }]);
    test.expectState('box.idle');
  });

  it('draws a polygon that Enter closes where the crosshair was not moved', () => {
    test.tool('polygon');
    for (const direction of [right, down, [-1, 0] as Point]) {
      walk(direction, 20);
      test.editor.tools.crosshair.place(plain);
    }
    expect(test.editor.tools.crosshair.isMoved).toBe(false);
    test.editor.finish();
    expect(test.editor.document.annotations).toMatchObject([
      { geometry: { kind: 'polygon', parts: [{ outer: [70, 40, 70, 60, 50, 60], holes: [] }] } },
    ]);
  });

  it('leaves a drag that Escape cancels', () => {
    test.tool('rectangle');
    walk(right, 1);
    test.editor.tools.crosshair.place(plain);
    walk(right, 10);
    test.editor.escape();
    test.expectState('rectangle.idle');
    expect(test.editor.document.annotations).toEqual([]);
  });

  it('drags a corner of a box that the select tool shows', () => {
    test.tool('rectangle').drag([10, 10], [40, 30]).tool('select');
    walk([-1, 0], 40);
    walk([0, -1], 30);
    expect(test.editor.tools.crosshair.at).toEqual([10, 10]);
    test.editor.tools.crosshair.place(plain);
    test.expectState('select.reshaping');
    walk(right, 5);
    test.editor.tools.crosshair.place(plain);
    test.expectState('select.idle');
    expect(test.editor.document.annotations).toMatchObject([
      { geometry: { kind: 'box', box: [15, 10, 25, 20] } },
    ]);
  });

  it('is what arrows move while it is shown, else the selected regions', () => {
    test.tool('rectangle').drag([10, 10], [40, 30]).tool('select');
    test.editor.tools.arrow(right, false);
    expect(test.editor.tools.crosshair.at).toBeNull();
    test.expectState('select.nudging');
    test.editor.machine.arrowUp();
    test.editor.tools.crosshair.move(right, false);
    test.editor.tools.arrow(right, false);
    expect(test.editor.tools.crosshair.at).toEqual([52, 40]);
    test.expectState('select.idle');
  });

  it('is gone when another image is shown', async () => {
    walk(right, 1);
    const other = makeImage();
    test.bridge.records = new Map(test.bridge.records).set(other.id, other);
    await test.editor.opened.show(other.id);
    expect(test.editor.tools.crosshair.at).toBeNull();
  });
});
