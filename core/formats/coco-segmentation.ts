import { AppError } from '../errors.ts';
import { rleFromCocoPolygons } from '../geometry/coco-polygon.ts';
import { rleFromUncompressed, rleRuns } from '../geometry/rle.ts';
import type { Ring, Rle } from '../geometry/shapes.ts';

/** What COCO's `segmentation` can hold: polygons, or a mask. */
export type CocoRegion =
  | { readonly kind: 'polygons'; readonly rings: Ring[]; readonly problems: string[] }
  | { readonly kind: 'mask'; readonly rle: Rle };

/**
 * Reads a `segmentation` of any form that pycocotools' `annToMask` takes: a list of polygons, uncompressed RLE
 * (list counts) or compressed RLE. Also one bare polygon, which some tools write. Polygons that cannot be
 * right are left out with a problem each, as long as another one remains.
 * @throws AppError `invalid-input` whose message is a clause about what is wrong.
 */
export function readSegmentation(value: unknown, width: number, height: number): CocoRegion {
  if (Array.isArray(value)) return readPolygons(value);
  if (typeof value === 'object' && value !== null && 'counts' in value) {
    return { kind: 'mask', rle: readRle(value, width, height) };
  }
  throw invalid(`its segmentation is neither a list of polygons nor an RLE but ${describe(value)}`);
}

function readPolygons(list: readonly unknown[]): CocoRegion {
  const polygons = typeof list[0] === 'number' ? [list] : list;
  const problems: string[] = [];
  const rings: Ring[] = [];
  polygons.forEach((polygon, index) => {
    const problem = polygonProblem(polygon);
    if (problem === null) rings.push(polygon as Ring);
    else problems.push(`polygon ${index} ${problem}`);
  });
  if (rings.length === 0) throw invalid(problems.join('; '));
  return { kind: 'polygons', rings, problems };
}

function polygonProblem(polygon: unknown): string | null {
  if (!Array.isArray(polygon)) return `is not a list of numbers but ${describe(polygon)}`;
  const wrong = (polygon as unknown[]).find((value) => !Number.isFinite(value));
  if (wrong !== undefined) return `holds ${describe(wrong)}, which is not a finite number`;
  if (polygon.length === 4)
    return 'has 4 numbers, which readers take for a box; a polygon needs at least 6';
  if (polygon.length < 6) return `has ${polygon.length} numbers; a polygon needs at least 6`;
  if (polygon.length % 2 === 1) return `has an odd count of numbers (${polygon.length})`;
  return null;
}

function readRle(value: object, width: number, height: number): Rle {
  const { counts, size } = value as { counts: unknown; size?: unknown };
  if (!Array.isArray(size) || size.length !== 2 || !size.every(Number.isInteger)) {
    throw invalid(`its RLE needs a size of [height, width], found ${describe(size)}`);
  }
  if (size[0] !== height || size[1] !== width) {
    throw invalid(
      `its RLE has ${size[1]} x ${size[0]} pixels but its image has ${width} x ${height}`,
    );
  }
  if (Array.isArray(counts)) return rleFromUncompressed([height, width], counts as number[]);
  if (typeof counts !== 'string') {
    throw invalid(`the counts of its RLE are neither a string nor a list but ${describe(counts)}`);
  }
  const rle: Rle = { size: [height, width], counts };
  rleRuns(rle);
  return rle;
}

/**
 * The pixels of a `segmentation` as pycocotools' `annToMask` decodes them.
 * @throws AppError `invalid-input` as {@link readSegmentation}.
 */
export function decodeSegmentation(value: unknown, width: number, height: number): Rle {
  const region = readSegmentation(value, width, height);
  return region.kind === 'mask' ? region.rle : rleFromCocoPolygons(region.rings, width, height);
}

function invalid(clause: string): AppError {
  return new AppError('invalid-input', clause);
}

/** A value as it would stand in the file, cut short. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
