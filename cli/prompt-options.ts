import { extname, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import sharp from 'sharp';
import { z } from 'zod';
import { toFileError } from '../app/files/file-error.ts';
import { AppError } from '../core/errors.ts';
import { encodeRle, rleFromUncompressed } from '../core/geometry/rle.ts';
import type { Box, Point, Rle } from '../core/geometry/shapes.ts';
import { rleSchema } from '../core/geometry/shapes.ts';
import { maximumRegions, type PromptMark, type RegionPrompt } from '../core/prompt.ts';
import { readPlainFile } from '../models/plain-file.ts';

/** Stroke width of `--scribble` in image pixels. */
const scribbleWidth = 3;

/** A mark of the command line; a mask file is read only when the command runs. */
type GivenMark = PromptMark | { readonly kind: 'mask-file'; readonly file: string };

/** Collects marks in the order of the options. */
export class GivenRegions {
  readonly #regions: GivenMark[][] = [];
  #isNewRegion = true;

  beginRegion(): void {
    this.#isNewRegion = true;
  }

  /** Adds a mark to the current region. A box or mask begins a region unless one was just begun. */
  add(mark: GivenMark): void {
    const beginsRegion = mark.kind === 'box' || mark.kind === 'mask-file';
    const present = this.#regions.at(-1);
    if (this.#isNewRegion || beginsRegion || !present) this.#regions.push([mark]);
    else present.push(mark);
    this.#isNewRegion = false;
  }

  /**
   * The regions, mask files read.
   * @throws AppError `invalid-input` for too many regions or a file that holds no mask,
   * `not-found`.
   */
  async read(): Promise<RegionPrompt[]> {
    if (this.#regions.length > maximumRegions) {
      throw new AppError(
        'invalid-input',
        `A request takes at most ${maximumRegions} regions, found ${this.#regions.length}. ` +
          'Split it into several requests.',
      );
    }
    return Promise.all(
      this.#regions.map(async (marks) => ({ marks: await Promise.all(marks.map(readMark)) })),
    );
  }
}

/** Adds the options of marks; the returned regions collect them. */
export function addRegionOptions(command: Command): GivenRegions {
  const regions = new GivenRegions();
  const marks = [
    new Option('--point <x,y[,0|1]>', 'a point; ,0 makes it negative').argParser((text) =>
      regions.add(parsePoint(text)),
    ),
    new Option('--box <x,y,w,h>', 'a box around a region; begins a region').argParser((text) =>
      regions.add({ kind: 'box', box: parseBox(text) }),
    ),
    new Option('--scribble <x,y,x,y,...>', 'a stroke through the region').argParser((text) =>
      regions.add(parseScribble(text)),
    ),
    new Option('--mask <file>', 'a mask, PNG or RLE as JSON; begins a region').argParser((file) =>
      regions.add({ kind: 'mask-file', file }),
    ),
  ];
  for (const mark of marks) command.addOption(mark);
  command.option('--region', 'begin a new region, for example before its points');
  command.on('option:region', () => regions.beginRegion());
  return regions;
}

/** Comma-separated finite numbers. @throws InvalidArgumentError otherwise. */
export function parseNumbers(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.every(Number.isFinite)) return numbers;
  throw new InvalidArgumentError(`Expected comma-separated numbers, found "${text}".`);
}

/** @throws InvalidArgumentError unless it is `x,y,w,h` with a positive size. */
export function parseBox(text: string): Box {
  const [x, y, width, height, ...more] = parseNumbers(text);
  if (height !== undefined && width! > 0 && height > 0 && more.length === 0) {
    return [x!, y!, width!, height];
  }
  throw new InvalidArgumentError(
    `Expected x,y,width,height in pixels with a width and a height above 0, found "${text}".`,
  );
}

/** @throws InvalidArgumentError unless it is `x,y`, `x,y,0` or `x,y,1`. */
export function parsePoint(text: string): PromptMark {
  const [x, y, label = 1, ...more] = parseNumbers(text);
  if (y !== undefined && (label === 0 || label === 1) && more.length === 0) {
    return { kind: 'point', at: [x!, y], positive: label === 1 };
  }
  throw new InvalidArgumentError(
    `Expected x,y or x,y,1 (positive) or x,y,0 (negative), found "${text}".`,
  );
}

/** @throws InvalidArgumentError unless it is x,y pairs. */
export function parseScribble(text: string): PromptMark {
  const numbers = parseNumbers(text);
  if (numbers.length < 2 || numbers.length % 2 === 1) {
    throw new InvalidArgumentError(`Expected x,y,x,y,… (pairs), found "${text}".`);
  }
  const points = numbers.flatMap((x, index): Point[] =>
    index % 2 === 0 ? [[x, numbers[index + 1]!]] : [],
  );
  return { kind: 'scribble', points, width: scribbleWidth, positive: true };
}

async function readMark(mark: GivenMark): Promise<PromptMark> {
  return mark.kind === 'mask-file' ? { kind: 'mask', rle: await readMaskFile(mark.file) } : mark;
}

const uncompressedSchema = z.object({
  size: rleSchema.shape.size,
  counts: z.array(z.number()),
});

/**
 * A mask from a picture (pixels brighter than half belong to it) or from COCO RLE in JSON,
 * compressed or not.
 * @throws AppError `not-found`, `invalid-input`, `image-unreadable`.
 */
export async function readMaskFile(file: string): Promise<Rle> {
  const bytes = await readPlainFile(file).catch((thrown: unknown) => {
    throw toFileError(thrown, 'read', resolve(file));
  });
  return extname(file).toLowerCase() === '.json'
    ? readJsonMask(file, bytes.toString('utf8'))
    : readPictureMask(file, bytes);
}

function readJsonMask(file: string, text: string): Rle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid-input', `The mask file ${file} is not JSON.`, { file }, { cause });
  }
  const compressed = rleSchema.safeParse(json);
  if (compressed.success) return compressed.data;
  const uncompressed = uncompressedSchema.safeParse(json);
  if (uncompressed.success) {
    return rleFromUncompressed(uncompressed.data.size, uncompressed.data.counts);
  }
  throw new AppError(
    'invalid-input',
    `The mask file ${file} is not COCO RLE, {"size": [height, width], "counts": …}.`,
    { file },
  );
}

async function readPictureMask(file: string, bytes: Uint8Array): Promise<Rle> {
  try {
    const { data, info } = await sharp(bytes)
      .flatten()
      .greyscale()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const mask = Uint8Array.from(data, (value) => (value > 127 ? 1 : 0));
    return encodeRle({ width: info.width, height: info.height, data: mask });
  } catch (cause) {
    throw new AppError(
      'image-unreadable',
      `The mask file ${file} cannot be read as an image: ${(cause as Error).message}. Save it as PNG.`,
      { file },
      { cause },
    );
  }
}
