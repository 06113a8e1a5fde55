import { describe, expect, it } from 'vitest';
import { ImageLook } from '../../../renderer/editor/image-look.svelte.ts';

/** The displayed value of a pixel, 0 to 1, before gamma. */
function shown(look: ImageLook, pixel: readonly number[]): number[] {
  const values = look.matrix.split(' ').map(Number);
  expect(values).toHaveLength(20);
  return [0, 1, 2].map((row) =>
    [...pixel, 1, 1].reduce((sum, value, at) => sum + value * values[5 * row + at]!, 0),
  );
}

describe('how the photo is shown', () => {
  it('is as it is until something is chosen, and again after a reset', () => {
    const look = new ImageLook();
    expect(look.isPlain).toBe(true);
    expect(shown(look, [0.2, 0.4, 0.6])).toEqual([0.2, 0.4, 0.6]);
    look.contrast = 2;
    look.channel = 'grey';
    expect(look.isPlain).toBe(false);
    look.reset();
    expect(look.isPlain).toBe(true);
  });

  it('keeps the middle grey with more contrast, and adds brightness to it', () => {
    const look = new ImageLook();
    look.contrast = 3;
    expect(shown(look, [0.5, 0.5, 0.5])).toEqual([0.5, 0.5, 0.5]);
    look.brightness = 0.1;
    for (const value of shown(look, [0.5, 0.5, 0.5])) expect(value).toBeCloseTo(0.6);
  });

  it('shows one channel as grey', () => {
    const look = new ImageLook();
    look.channel = 'green';
    expect(shown(look, [0.2, 0.4, 0.6])).toEqual([0.4, 0.4, 0.4]);
    look.channel = 'grey';
    const [red, green, blue] = shown(look, [1, 1, 1]);
    expect([red, green, blue].map((value) => value!.toFixed(6))).toEqual([
      '1.000000',
      '1.000000',
      '1.000000',
    ]);
  });
});
