import { rleArea, rleBox, rleFromRuns, rleIntersect } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import type { AnswerMask } from '../../core/prompt.ts';
import type { PixelBox } from '../image/resize.ts';
import type { Size } from '../image/resize-rule.ts';
import { interpolation } from './interpolation.ts';
import { logitOf, type LogitMap } from './logit-map.ts';

/** Logits, and the part of the image over which they lie. */
export interface PlacedMap {
  readonly map: LogitMap;
  readonly part: PixelBox;
}

/** The pixels of a mask and what follows from them. */
export type MaskPixels = Pick<AnswerMask, 'rle' | 'area' | 'bbox'>;

/**
 * The mask that logits make: they are scaled bilinearly (corners not aligned) to `part` of the
 * image, then sigmoid > threshold. Pixels outside `part` do not belong to it.
 */
export function answerMask({ map, part }: PlacedMap, image: Size, threshold: number): MaskPixels {
  // Comparing logits saves the sigmoid of every pixel.
  const runs = thresholdRuns(map, part, image, logitOf(threshold));
  const rle = rleFromRuns([image.height, image.width], runs);
  return { rle, area: rleArea(rle), bbox: rleBox(rle) };
}

/** The part of a mask inside a box; its score stays. */
export function clipMask<Mask extends MaskPixels>(mask: Mask, box: PixelBox): Mask {
  const rle = rleIntersect(mask.rle, boxRle(mask.rle.size, box));
  return { ...mask, rle, area: rleArea(rle), bbox: rleBox(rle) };
}

function boxRle([height, width]: Rle['size'], box: PixelBox): Rle {
  const runs = new RunWriter();
  runs.add(0, box.left * height);
  for (let column = 0; column < box.width; column++) {
    runs.add(0, box.top);
    runs.add(1, box.height);
    runs.add(0, height - box.top - box.height);
  }
  runs.add(0, (width - box.left - box.width) * height);
  return rleFromRuns([height, width], runs.finish());
}

/**
 * COCO runs (column by column) of the pixels whose interpolated logit exceeds `level`. The
 * full-size logits are never stored: each image column is one column of logits, and where two
 * neighbours in it lie on the same side of `level`, so do all pixels between them; nor are they
 * computed between two columns that lie on one side as a whole.
 */
function thresholdRuns(map: LogitMap, part: PixelBox, image: Size, level: number): Uint32Array {
  const columns = interpolation(map.width, part.width);
  const segments = rowSegments(map.height, part.height);
  const sides = columnSides(map, level);
  const runs = new RunWriter();
  runs.add(0, part.left * image.height);
  const column = new Float32Array(map.height);
  const below = image.height - part.top - part.height;
  for (let x = 0; x < part.width; x++) {
    const [low, high] = [columns.low[x]!, columns.high[x]!];
    runs.add(0, part.top);
    if (sides[low] === sides[high] && sides[low] !== mixed) {
      runs.add(sides[low]!, part.height);
      runs.add(0, below);
      continue;
    }
    readColumn(map, low, high, columns.weight[x]!, column);
    for (const { low, high, weights } of segments) {
      const from = column[low]!;
      const to = column[high]!;
      if (from > level === to > level) {
        runs.add(from > level ? 1 : 0, weights.length);
        continue;
      }
      for (const weight of weights) {
        runs.add(from * (1 - weight) + to * weight > level ? 1 : 0, 1);
      }
    }
    runs.add(0, below);
  }
  runs.add(0, (image.width - part.left - part.width) * image.height);
  return runs.finish();
}

/** In place of a side: the values of a column lie on both. */
const mixed = 2;

/** For each column: 1 where all its logits exceed `level`, 0 where none does, else `mixed`. */
function columnSides({ logits, width, height }: LogitMap, level: number): Uint8Array {
  const counts = new Uint32Array(width);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (logits[at]! > level) counts[column]!++;
    }
  }
  return Uint8Array.from(counts, (count) => (count === 0 ? 0 : count === height ? 1 : mixed));
}

/** Output rows that lie between the same two input rows, with the second one's weight for each. */
interface RowSegment {
  readonly low: number;
  readonly high: number;
  readonly weights: Float32Array;
}

function rowSegments(inputLength: number, outputLength: number): RowSegment[] {
  const { low, high, weight } = interpolation(inputLength, outputLength);
  const segments: RowSegment[] = [];
  let start = 0;
  for (let row = 1; row <= outputLength; row++) {
    if (row < outputLength && low[row] === low[start]) continue;
    segments.push({ low: low[start]!, high: high[start]!, weights: weight.subarray(start, row) });
    start = row;
  }
  return segments;
}

function readColumn(
  map: LogitMap,
  low: number,
  high: number,
  weight: number,
  to: Float32Array,
): void {
  const { logits, width } = map;
  for (let row = 0; row < to.length; row++) {
    const start = row * width;
    to[row] = logits[start + low]! * (1 - weight) + logits[start + high]! * weight;
  }
}

/** Collects runs that begin with zeros. */
class RunWriter {
  #runs = new Uint32Array(1024);
  #length = 0;
  #value = 0;
  #run = 0;

  add(value: number, count: number): void {
    if (count === 0) return;
    if (value !== this.#value) {
      this.#push();
      this.#value = value;
      this.#run = 0;
    }
    this.#run += count;
  }

  finish(): Uint32Array {
    this.#push();
    return this.#runs.slice(0, this.#length);
  }

  #push(): void {
    if (this.#length === this.#runs.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#runs);
      this.#runs = larger;
    }
    this.#runs[this.#length++] = this.#run;
  }
}
