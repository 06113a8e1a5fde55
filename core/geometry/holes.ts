import { rleFromParts } from './coco-polygon.ts';
import { decodeRleBox } from './rle.ts';
import type { Bitmap, Part, Ring } from './shapes.ts';
import { traceMask } from './trace.ts';

/**
 * Holes for readers that know polygons only, where two rings in one list mean their union, so that
 * a hole written as a second ring is filled.
 */

/**
 * One ring for a part with holes: from the outer ring a bridge without width leads to each hole
 * and back. Even-odd filling, as pycocotools does it, leaves the holes out exactly, because the
 * two ways over a bridge cancel.
 */
export function keyhole({ outer, holes }: Part): Ring {
  let ring = outer;
  // From left to right, so that what a bridge leads to has been joined already.
  const ordered = holes
    .map((hole) => ({ hole, start: leftmostVertex(hole) }))
    .sort((a, b) => a.hole[a.start]! - b.hole[b.start]!);
  for (const { hole, start } of ordered) {
    const joint = nearestVertex(ring, hole[start]!, hole[start + 1]!);
    ring = [
      ...ring.slice(0, joint + 2),
      ...hole.slice(start),
      ...hole.slice(0, start + 2),
      ...ring.slice(joint),
    ];
  }
  return ring;
}

function leftmostVertex(ring: Ring): number {
  let leftmost = 0;
  for (let index = 2; index < ring.length; index += 2) {
    if (ring[index]! < ring[leftmost]!) leftmost = index;
  }
  return leftmost;
}

/** Index of the vertex nearest to a point among those not right of it. */
function nearestVertex(ring: Ring, x: number, y: number): number {
  let nearest = 0;
  let least = Infinity;
  for (let index = 0; index < ring.length; index += 2) {
    const [dx, dy] = [x - ring[index]!, y - ring[index + 1]!];
    const distance = dx < 0 ? Infinity : dx * dx + dy * dy;
    if (distance < least) {
      least = distance;
      nearest = index;
    }
  }
  return nearest;
}

/**
 * Rings without holes for a part: its mask is cut along as few columns as go through all holes,
 * and each piece is traced. The rings do not overlap and have, together, exactly the part's
 * pixels. The ring of a part without holes is left as it is.
 * @throws AppError `invalid-input` for coordinates that `rleFromParts` refuses.
 */
export function splitAtHoles(part: Part, width: number, height: number): Ring[] {
  if (part.holes.length === 0) return [part.outer];
  const box = decodeRleBox(rleFromParts([part], width, height));
  if (box === null) return [];
  const { bitmap, left, top } = box;
  const holes = traceMask(bitmap).flatMap((traced) => traced.holes);
  const cuts = [0, ...stabbingColumns(holes), bitmap.width];
  return cuts
    .slice(1)
    .flatMap((end, index) => ringsBetween(bitmap, cuts[index]!, end))
    .map((ring) => ring.map((value, index) => value + (index % 2 === 0 ? left : top)));
}

/**
 * The fewest columns so that each ring has one inside its span: greedily at the end of the span
 * that ends first.
 */
function stabbingColumns(rings: readonly Ring[]): number[] {
  const spans = rings.map(columnSpan).sort(([, end], [, otherEnd]) => end - otherEnd);
  const cuts: number[] = [];
  for (const [start, end] of spans) {
    if (cuts.length === 0 || cuts.at(-1)! < start) cuts.push(end);
  }
  return cuts;
}

function columnSpan(ring: Ring): [start: number, end: number] {
  let [start, end] = [Infinity, -Infinity];
  for (let index = 0; index < ring.length; index += 2) {
    start = Math.min(start, ring[index]!);
    end = Math.max(end, ring[index]!);
  }
  return [start, end];
}

/** The outlines of the pixels in columns [start, end). */
function ringsBetween({ width, height, data }: Bitmap, start: number, end: number): Ring[] {
  const slice: Bitmap = {
    width: end - start,
    height,
    data: new Uint8Array((end - start) * height),
  };
  for (let row = 0; row < height; row++) {
    slice.data.set(data.subarray(row * width + start, row * width + end), row * slice.width);
  }
  return traceMask(slice).map(({ outer }) =>
    outer.map((value, index) => (index % 2 === 0 ? value + start : value)),
  );
}
