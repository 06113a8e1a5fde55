import { encode, type DecodedPng } from 'fast-png';
import { decodePng } from './bounded-png.ts';

/** PNG files whose pixels are numbers of classes or objects, or colours that stand for them. */

/** A colour as 0xRRGGBB. */
export type Color = number;

export interface LabelImage {
  readonly width: number;
  readonly height: number;
  /** `color`: the values are colours. */
  readonly kind: 'indexed' | 'grey' | 'color';
  /** Row by row. */
  readonly values: Uint8Array | Uint16Array | Uint32Array;
  /** The colours of the values of an indexed image; empty for others. */
  readonly palette: readonly Color[];
}

/** The header of a PNG file; null for other files. */
export interface PngStart {
  readonly width: number;
  readonly height: number;
  /** Of a channel. */
  readonly bits: number;
  readonly kind: LabelImage['kind'];
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function pngStart(start: Uint8Array): PngStart | null {
  if (start.length < 26 || !signature.every((byte, index) => start[index] === byte)) return null;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const colorType = start[25]!;
  const kind = colorType === 3 ? 'indexed' : colorType === 0 || colorType === 4 ? 'grey' : 'color';
  return { width: view.getUint32(16), height: view.getUint32(20), bits: start[24]!, kind };
}

/** @throws Error for what is not a whole PNG. */
export function readLabelImage(bytes: Uint8Array): LabelImage {
  const start = pngStart(bytes);
  if (!start) throw new Error('it is not a PNG');
  const png = decodePng(bytes);
  const { width, height } = png;
  const palette = start.kind === 'indexed' ? (png.palette ?? []).map(colorOf) : [];
  return { width, height, kind: start.kind, values: valuesOf(png, start.kind), palette };
}

function valuesOf(png: DecodedPng, kind: LabelImage['kind']): LabelImage['values'] {
  const { width, height, data, depth, channels } = png;
  if (depth < 8) return unpacked(data as Uint8Array, width, height, depth);
  if (channels === 1) return data as Uint8Array | Uint16Array;
  const count = width * height;
  if (kind === 'grey') {
    return (data as Uint8Array | Uint16Array).filter((_, index) => index % channels === 0);
  }
  const shift = depth === 16 ? 8 : 0;
  const values = new Uint32Array(count);
  for (let pixel = 0; pixel < count; pixel++) {
    const at = pixel * channels;
    const [red, green, blue] = [data[at]! >> shift, data[at + 1]! >> shift, data[at + 2]! >> shift];
    values[pixel] = (red << 16) | (green << 8) | blue;
  }
  return values;
}

/** Pixels of 1, 2 or 4 bits, whose rows begin at whole bytes. */
function unpacked(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const values = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  const most = (1 << depth) - 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * depth;
      const byte = data[row * rowBytes + (bit >> 3)]!;
      values[row * width + column] = (byte >> (8 - depth - (bit & 7))) & most;
    }
  }
  return values;
}

function colorOf([red, green, blue]: readonly number[]): Color {
  return (red! << 16) | (green! << 8) | blue!;
}

/** A colour from its three parts. @returns 0xRRGGBB */
export function colorFromParts(parts: readonly number[]): Color {
  return colorOf(parts);
}

/** `#rrggbb`. */
export function colorText(color: Color): string {
  return `#${color.toString(16).padStart(6, '0')}`;
}

/** The colour that `#rrggbb` says. */
export function colorFromText(text: string): Color {
  return Number.parseInt(text.slice(1), 16);
}

/** An indexed PNG. @param palette at most 256 colours, one for each value */
export function indexedPng(
  width: number,
  height: number,
  values: Uint8Array,
  palette: readonly Color[],
): Uint8Array {
  return encode({
    width,
    height,
    data: values,
    channels: 1,
    depth: 8,
    palette: palette.map((color) => [color >> 16, (color >> 8) & 255, color & 255]),
  });
}

/** A grey PNG of 8 or 16 bits, as the values have. */
export function greyPng(
  width: number,
  height: number,
  values: Uint8Array | Uint16Array,
): Uint8Array {
  const depth = values instanceof Uint16Array ? 16 : 8;
  return encode({ width, height, data: values, channels: 1, depth });
}

/**
 * The colours of Pascal VOC, which many tools took over: bits of the number, spread over the three
 * channels.
 */
export function vocColor(index: number): Color {
  let [red, green, blue] = [0, 0, 0];
  for (let bit = 7, rest = index; bit >= 0; bit--, rest >>= 3) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
  }
  return colorOf([red, green, blue]);
}
