import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  placeWindow,
  readWindowState,
  writeWindowState,
  type Bounds,
} from '../../../electron/window-state.ts';

const laptop: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const beside: Bounds = { x: 1440, y: 0, width: 2560, height: 1440 };
const left = (bounds: Bounds) => ({ bounds, isMaximized: false });

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pixel-sail-window-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a window opens where it was left', () => {
  const bounds = { x: 1500, y: 40, width: 1200, height: 800 };
  expect(placeWindow(left(bounds), [laptop, beside])).toEqual(bounds);
});

test('a window whose display is gone opens in the middle of the first one', () => {
  const bounds = { x: 1500, y: 40, width: 1200, height: 800 };
  expect(placeWindow(left(bounds), [laptop])).toEqual(placeWindow(null, [laptop]));
  expect(placeWindow(null, [beside])).toEqual({ x: 2000, y: 270, width: 1440, height: 900 });
});

test('a window that is larger than its display now is made to fit', () => {
  const bounds = { x: 100, y: 100, width: 2400, height: 1300 };
  expect(placeWindow(left(bounds), [laptop])).toEqual(laptop);
});

test('a window always lies within one display, whatever was saved', () => {
  const bounds = fc.record({
    x: fc.integer({ min: -9000, max: 9000 }),
    y: fc.integer({ min: -9000, max: 9000 }),
    width: fc.integer({ min: 1, max: 9000 }),
    height: fc.integer({ min: 1, max: 9000 }),
  });
  const displays = [laptop, beside];
  fc.assert(
    fc.property(bounds, (saved) => {
      const { x, y, width, height } = placeWindow(left(saved), displays);
      const isInside = displays.some(
        (area) =>
          x >= area.x &&
          y >= area.y &&
          x + width <= area.x + area.width &&
          y + height <= area.y + area.height,
      );
      expect(isInside).toBe(true);
    }),
  );
});

test('a state is written whole and read back; a damaged one is none', () => {
  const file = join(folder, 'window.json');
  const state = { bounds: laptop, isMaximized: true };
  expect(readWindowState(file)).toBeNull();
  writeWindowState(file, state);
  expect(readWindowState(file)).toEqual(state);
  expect(readdirSync(folder)).toEqual(['window.json']);
  for (const damaged of ['', '{"bounds":', '{"bounds":{"x":"a"},"isMaximized":true}']) {
    writeFileSync(file, damaged);
    expect(readWindowState(file)).toBeNull();
  }
});
