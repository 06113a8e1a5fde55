import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { decodeRle } from '../../core/geometry/rle.ts';
import type { Bitmap } from '../../core/geometry/shapes.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import { decodeImage } from '../../models/image/decode.ts';
import { readNpz, type NpyArray } from './npz.ts';

/**
 * A folder with a checkpoint, inputs and the arrays that PyTorch computed from them, in the layout
 * that tests/fixtures/parity-small/README.md describes.
 */
export interface ParityFixture {
  readonly folder: string;
  readonly inputs: z.infer<typeof inputsSchema>;
  readonly expected: ReadonlyMap<string, NpyArray>;
  readonly image: RgbImage;
  /** In the order of `inputs.prompt_files`. */
  readonly prompts: readonly Bitmap[];
}

const inputsSchema = z.looseObject({
  prompt_ids: z.array(z.number().int()),
  prompt_files: z.array(z.string()),
  question: z.string(),
  answer: z.string(),
  text_only_question: z.string(),
  text_only_answer: z.string(),
  prefix_answer: z.string(),
  max_new_tokens: z.number().int(),
});

export async function readParityFixture(folder: string): Promise<ParityFixture> {
  const inputs = inputsSchema.parse(JSON.parse(readFileSync(join(folder, 'inputs.json'), 'utf8')));
  return {
    folder,
    inputs,
    expected: withParts(readNpz(join(folder, 'expected.npz'))),
    image: await decodeImage(join(folder, 'image.png')),
    prompts: await Promise.all(inputs.prompt_files.map((file) => readMask(join(folder, file)))),
  };
}

/**
 * The arrays, and the parts of those that cover more than the runtime shows: the states of patches
 * and of text apart, the logits of text, and the two position axes that the model turns by.
 */
function withParts(arrays: ReadonlyMap<string, NpyArray>): ReadonlyMap<string, NpyArray> {
  const patches = arrays.get('patches')?.shape[0];
  // Without them nobody can tell where the patches end.
  if (patches === undefined) return arrays;
  const textStart = patches + 2;
  const parts = new Map(arrays);
  const add = (name: string, part: string, from: number, to?: number) => {
    const array = arrays.get(name);
    if (!array) return;
    const rowLength = array.data.length / array.shape[0]!;
    const end = to ?? array.shape[0]!;
    const data = array.data.slice(from * rowLength, end * rowLength);
    parts.set(`${name}:${part}`, { ...array, shape: [end - from, ...array.shape.slice(1)], data });
  };
  for (const prefix of ['', 'novp_']) {
    add(`${prefix}hidden`, 'patches', 1, patches + 1);
    add(`${prefix}hidden`, 'text', textStart);
    add(`${prefix}logits`, 'text', textStart);
  }
  add('position_ids', 'h', 1, 2);
  add('position_ids', 'w', 2, 3);
  return parts;
}

async function readMask(path: string): Promise<Bitmap> {
  const { data, info } = await sharp(path)
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = Uint8Array.from(data, (value) => (value === 0 ? 0 : 1));
  return { width: info.width, height: info.height, data: pixels };
}

/**
 * Rows of `expected.json`'s resize table: width, height, target width, target height; empty where
 * it has none.
 */
export function resizeTable(folder: string): number[][] {
  const file = z
    .looseObject({ resize_table: z.array(z.array(z.number())).optional() })
    .parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
  return file.resize_table ?? [];
}

/** A copy of the fixture's checkpoint with its first two upsampling blocks only. */
export async function writeTwoBlockCheckpoint(folder: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object;
  await writeFile(join(target, 'config.json'), JSON.stringify({ ...config, upsample_blocks: 2 }));
  for (const file of ['tokens.json', 'tokenizer.json']) {
    await copyFile(join(folder, file), join(target, file)).catch(() => undefined);
  }
  const weights = await readFile(join(folder, 'model.safetensors'));
  const dataStart = 8 + Number(weights.readBigUInt64LE());
  const header = JSON.parse(weights.toString('utf8', 8, dataStart)) as Record<string, unknown>;
  const kept = Object.entries(header).filter(([name]) => !/^upsample_blocks\.[2-9]/.test(name));
  const text = Buffer.from(JSON.stringify(Object.fromEntries(kept)).padEnd(dataStart - 8));
  const copy = Buffer.concat([weights.subarray(0, 8), text, weights.subarray(dataStart)]);
  await writeFile(join(target, 'model.safetensors'), copy);
}

/**
 * How far an array is from the expected one: pixels of a mask, places of an exact array, else the
 * largest difference.
 */
export interface ParityRow {
  readonly name: string;
  readonly difference: number;
  readonly allowed: number;
}

/** The tolerances of the fixtures' README, for float32. */
const tolerances: readonly [RegExp, number][] = [
  [/^patches$/, 1e-6],
  [/mask_logits/, 3e-4],
  [/./, 5e-5],
];
const wrongPixelsPerMask = 4;

/** Rows that are out of tolerance; NaN is. */
export function outOfTolerance(rows: readonly ParityRow[]): ParityRow[] {
  return rows.filter(({ difference, allowed }) => !(difference <= allowed));
}

/** The inexact rows in a few words, those nearest to their tolerance first. */
export function describeClosest(rows: readonly ParityRow[]): string {
  const share = ({ difference, allowed }: ParityRow) =>
    difference === 0 ? 0 : difference / allowed;
  return rows
    .toSorted((a, b) => share(b) - share(a))
    .slice(0, 5)
    .map(
      (row) => `${row.name} ${row.difference.toExponential(1)} of ${row.allowed.toExponential(0)}`,
    )
    .join(', ');
}

/** Compares every computed array that the fixture has. */
export function compareWithFixture(
  expected: ReadonlyMap<string, NpyArray>,
  actual: ReadonlyMap<string, ArrayLike<number>>,
): ParityRow[] {
  return [...actual].flatMap(([name, values]) => {
    const wanted = expected.get(name);
    return wanted ? [compareArray(name, wanted, values)] : [];
  });
}

function compareArray(name: string, wanted: NpyArray, values: ArrayLike<number>): ParityRow {
  const isFloat = wanted.dtype.startsWith('<f');
  const isMask = /(^|_)masks$/.test(name) && wanted.shape.length === 3 && !name.includes('patch');
  const allowed = isFloat
    ? tolerances.find(([pattern]) => pattern.test(name))![1]
    : isMask
      ? wrongPixelsPerMask * wanted.shape[0]!
      : 0;
  if (values.length !== wanted.data.length) return { name, difference: Infinity, allowed };
  let largest = 0;
  let wrong = 0;
  for (let index = 0; index < values.length; index++) {
    const distance = Math.abs(values[index]! - Number(wanted.data[index]!));
    // Written so that NaN counts as a difference.
    if (!(distance <= largest)) largest = Number.isNaN(distance) ? Infinity : distance;
    if (distance !== 0) wrong++;
  }
  return { name, difference: isFloat ? largest : wrong, allowed };
}

/** The lowest intersection over union among the masks of two stacks. */
export function lowestOverlap(wanted: NpyArray, values: ArrayLike<number>): number {
  const pixels = values.length / wanted.shape[0]!;
  const overlaps = Array.from({ length: wanted.shape[0]! }, (_, mask) => {
    let intersection = 0;
    let union = 0;
    for (let index = mask * pixels; index < (mask + 1) * pixels; index++) {
      const inWanted = Number(wanted.data[index]!);
      intersection += inWanted & values[index]!;
      union += inWanted | values[index]!;
    }
    return union === 0 ? 1 : intersection / union;
  });
  return Math.min(...overlaps);
}

/** The pixels of several masks one after another. */
export function stackMasks(masks: readonly Parameters<typeof decodeRle>[0][]): Uint8Array {
  const decoded = masks.map((mask) => decodeRle(mask).data);
  const stacked = new Uint8Array(decoded.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const data of decoded) {
    stacked.set(data, start);
    start += data.length;
  }
  return stacked;
}
