import { rleFromUncompressed, rleRuns } from '../../geometry/rle.ts';
import type { Ring, Rle } from '../../geometry/shapes.ts';
import { describe } from '../describe.ts';
import type { PolygonProblem } from './sentences.ts';
import { rowProblem } from './sentences.ts';

/** A region as in COCO's `segmentation`: polygons or a mask. */
export type CocoRegion =
  | { readonly kind: 'polygons'; readonly rings: Ring[]; readonly problems: PolygonProblem[] }
  | { readonly kind: 'mask'; readonly rle: Rle };

/**
 * Reads a `segmentation` of any form that pycocotools' `annToMask` takes: a list of polygons,
 * uncompressed RLE (list counts) or compressed RLE. Also one bare polygon, which some tools write.
 * Polygons that cannot be right are left out with a problem each, as long as another one remains.
 * @throws AppError `invalid-input` whose message is a clause about what is wrong.
 */
export function readSegmentation(value: unknown, width: number, height: number): CocoRegion {
  if (Array.isArray(value)) return readPolygons(value);
  if (typeof value === 'object' && value !== null && 'counts' in value) {
    return { kind: 'mask', rle: readRle(value, width, height) };
  }
  throw rowProblem('segmentationUnknown', { found: describe(value) });
}

function readPolygons(list: readonly unknown[]): CocoRegion {
  const polygons = typeof list[0] === 'number' ? [list] : list;
  const problems: PolygonProblem[] = [];
  const rings: Ring[] = [];
  polygons.forEach((polygon, index) => {
    const problem = polygonProblem(polygon, index);
    if (problem === null) rings.push(polygon as Ring);
    else problems.push(problem);
  });
  if (rings.length === 0) throw rowProblem('polygonsUnusable', { problems });
  return { kind: 'polygons', rings, problems };
}

function polygonProblem(polygon: unknown, index: number): PolygonProblem | null {
  if (!Array.isArray(polygon)) return { index, kind: 'not-a-list', found: describe(polygon) };
  const wrong = (polygon as unknown[]).find((value) => !Number.isFinite(value));
  if (wrong !== undefined) return { index, kind: 'not-finite', found: describe(wrong) };
  const { length: count } = polygon;
  if (count < 6) return { index, kind: 'too-short', count };
  return count % 2 === 1 ? { index, kind: 'odd', count } : null;
}

function readRle(value: object, width: number, height: number): Rle {
  const { counts, size } = value as { counts: unknown; size?: unknown };
  if (!Array.isArray(size) || size.length !== 2 || !size.every(Number.isInteger)) {
    throw rowProblem('rleSizeUnreadable', { found: describe(size) });
  }
  if (size[0] !== height || size[1] !== width) {
    const [rleHeight, rleWidth] = size as number[];
    const rle = { width: rleWidth!, height: rleHeight! };
    throw rowProblem('rleSizeDiffers', { rle, image: { width, height } });
  }
  if (Array.isArray(counts)) return rleFromUncompressed([height, width], counts as number[]);
  if (typeof counts !== 'string') {
    throw rowProblem('rleCountsUnknown', { found: describe(counts) });
  }
  const rle: Rle = { size: [height, width], counts: withoutPythonQuotes(counts) };
  rleRuns(rle);
  return rle;
}

/**
 * The text of `str()` of Python bytes, as some scripts write counts: b'…' with backslashes
 * doubled. No counts of an RLE hold a quote.
 */
function withoutPythonQuotes(counts: string): string {
  const quoted = /^b(['"])(.*)\1$/s.exec(counts);
  return quoted ? quoted[2]!.replaceAll(/\\(.)/gs, '$1') : counts;
}

/**
 * Whether a `segmentation` is empty, as tools write it for objects with a box only: absent, empty
 * lists, an RLE without counts, or polygons of two points, which some tools use for boxes.
 */
export function isEmptySegmentation(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) {
    return value.every((polygon: unknown) => Array.isArray(polygon) && polygon.length <= 4);
  }
  if (typeof value !== 'object') return false;
  const { counts } = value as { counts?: unknown };
  return counts === undefined || counts === '' || (Array.isArray(counts) && counts.length === 0);
}
