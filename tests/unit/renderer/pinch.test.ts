import { describe, expect, it } from 'vitest';
import { Pinch } from '../../../renderer/canvas/pinch.ts';
import { pan, toScreen, zoomAt } from '../../../renderer/editor/camera.ts';

describe('two fingers on the canvas', () => {
  it('keep what lies under them under them', () => {
    const pinch = new Pinch();
    let camera = { scale: 2, x: 10, y: 20 };
    const fingers = { 1: [100, 100] as const, 2: [300, 200] as const };
    const under = (at: readonly [number, number]) =>
      [(at[0] - camera.x) / camera.scale, (at[1] - camera.y) / camera.scale] as const;
    const [first, second] = [under(fingers[1]), under(fingers[2])];
    expect(pinch.down(1, [...fingers[1]])).toBe(false);
    expect(pinch.down(2, [...fingers[2]])).toBe(true);
    // Along the line between them, so that both can be kept by a zoom and a move alone.
    for (const [id, to] of [
      [2, [340, 220]],
      [1, [60, 80]],
      [2, [260, 180]],
    ] as [number, [number, number]][]) {
      const move = pinch.move(id, to)!;
      camera = pan(zoomAt(camera, move.at, move.factor), ...move.by);
    }
    const [x1, y1] = toScreen(camera, [...first]);
    const [x2, y2] = toScreen(camera, [...second]);
    for (const [value, expected] of [
      [x1, 60],
      [y1, 80],
      [x2, 260],
      [y2, 180],
    ] as const) {
      expect(value).toBeCloseTo(expected, 6);
    }
  });

  it('leave one finger, and the one that is left over, to nobody', () => {
    const pinch = new Pinch();
    pinch.down(1, [0, 0]);
    expect(pinch.move(1, [5, 5])).toBeNull();
    expect(pinch.isActive).toBe(false);
    pinch.down(2, [50, 50]);
    expect(pinch.up(1)).toBe(true);
    expect(pinch.isActive).toBe(true);
    expect(pinch.up(2)).toBe(true);
    expect(pinch.isActive).toBe(false);
    expect(pinch.down(3, [0, 0])).toBe(false);
    expect(pinch.up(3)).toBe(false);
  });
});
