import type { Grid } from './patches.ts';

/**
 * Positions of tokens on the two axes that the model turns by (M-RoPE; its third axis, time, is
 * unused).
 */
export interface Positions {
  /** Follows the patch row. */
  readonly vertical: Int32Array;
  /** Follows the patch column. */
  readonly horizontal: Int32Array;
}

/** cos and sin of the rotary angles: float32 [tokens, head width / 2] each. */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/**
 * Positions of the image block: `<vision>` at 0, patch (r, c) at (1 + r, 1 + c), `</vision>` one
 * after the largest.
 */
export function imageBlockPositions({ rows, columns }: Grid): Positions {
  const length = rows * columns + 2;
  const vertical = new Int32Array(length);
  const horizontal = new Int32Array(length);
  for (let patch = 0; patch < rows * columns; patch++) {
    vertical[patch + 1] = 1 + Math.floor(patch / columns);
    horizontal[patch + 1] = 1 + (patch % columns);
  }
  vertical[length - 1] = horizontal[length - 1] = firstTextPosition({ rows, columns }) - 1;
  return { vertical, horizontal };
}

/** The position of the first token after the image block. */
export function firstTextPosition({ rows, columns }: Grid): number {
  return Math.max(rows, columns) + 2;
}

/** `count` running positions from `start`, the same on both axes. */
export function textPositions(start: number, count: number): Positions {
  const running = Int32Array.from({ length: count }, (_, index) => start + index);
  return { vertical: running, horizontal: running };
}

/**
 * Rotary tables with the M-RoPE sections applied: the first, fast quarter of the head width turns
 * with the vertical position, the second, slow quarter with the horizontal one. Rounded to float32
 * at every step, as the reference.
 */
export function rotaryTables(positions: Positions, headWidth: number, base: number): RotaryTables {
  const half = headWidth / 2;
  const frequencies = Float32Array.from({ length: half }, (_, index) => {
    const exponent = Math.fround((2 * index) / headWidth);
    return 1 / Math.fround(base ** exponent);
  });
  const length = positions.vertical.length;
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let token = 0; token < length; token++) {
    for (let column = 0; column < half; column++) {
      const axis = column < half / 2 ? positions.vertical : positions.horizontal;
      const angle = Math.fround(axis[token]! * frequencies[column]!);
      cos[token * half + column] = Math.cos(angle);
      sin[token * half + column] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
