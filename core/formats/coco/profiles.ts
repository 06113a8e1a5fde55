import { rleFromCocoPolygons } from '../../geometry/coco-polygon.ts';
import { keyhole, splitAtHoles } from '../../geometry/holes.ts';
import {
  geometryMeasures,
  geometryRle,
  measuredMask,
  measureRle,
  type MeasuredMask,
} from '../../geometry/region.ts';
import { rleIou, rleToUncompressed } from '../../geometry/rle.ts';
import type { Part, Ring, Rle } from '../../geometry/shapes.ts';
import { simplifyParts } from '../../geometry/simplify.ts';
import { traceRle } from '../../geometry/trace.ts';
import { isRingInside, ringsOf } from '../../geometry/vertices.ts';
import type { Geometry } from '../../records.ts';

/**
 * The intended reader of the export. No mask encoding suits all readers, so a person chooses.
 *
 * - `evaluation`: compressed RLE, exact. Read by pycocotools (annToMask, COCOeval, mask.decode),
 *   detectron2 with its bitmask format, mmdetection, torchvision, Datumaro, FiftyOne, PerBench.
 *   Not by ultralytics nor the DETR processor of Hugging Face.
 * - `training`: polygons along pixel edges, exact unless a tolerance is chosen; holes as `holes`
 *   says. Read by all of them except pycocotools' `loadRes` and `mask.decode`.
 * - `uncompressed`: RLE as a list, exact. For the DETR processor of Hugging Face, when one mask
 *   must be one object whatever its shape; also pycocotools' annToMask, torchvision, Datumaro.
 */
export const cocoProfiles = ['evaluation', 'training', 'uncompressed'] as const;
export type CocoProfile = (typeof cocoProfiles)[number];

/**
 * The name of an export by default; one for other readers gets another, so that none takes the
 * place of another.
 */
export const cocoFileName = '{project}-coco-{profile}.json';

/**
 * The treatment of holes in polygon exports: `keyhole` keeps one ring for each part, with bridges
 * of no width (ultralytics bridges parts itself); `split` cuts the part into simple polygons, which
 * also suits readers that check polygons for self-contact.
 */
export const holePolicies = ['keyhole', 'split'] as const;
export type HolePolicy = (typeof holePolicies)[number];

export interface SegmentationOptions {
  readonly profile: CocoProfile;
  readonly holes: HolePolicy;
  /**
   * How far in pixels a vertex of the outline may lie off to be left out; 0 keeps the mask
   * exactly.
   */
  readonly tolerance: number;
}

/**
 * A `segmentation` as it is written, the pixels that pycocotools decodes from it, and their IoU
 * with the original.
 */
export interface WrittenSegmentation {
  readonly segmentation: Ring[] | Rle | { size: [number, number]; counts: number[] };
  readonly decoded: Pick<MeasuredMask, 'area' | 'bbox' | 'rle'>;
  readonly iou: number;
}

/**
 * Writes a geometry for the readers of a profile.
 * @throws AppError `invalid-input` when the geometry does not fit an image of this size.
 */
export function writeSegmentation(
  geometry: Geometry,
  width: number,
  height: number,
  { profile, holes, tolerance }: SegmentationOptions,
): WrittenSegmentation {
  const isExact = profile === 'training' && tolerance === 0;
  const rings = isExact ? ringsAsStored(geometry, width, height) : null;
  if (rings) return { segmentation: rings, decoded: measuresOf(geometry, width, height), iou: 1 };
  const mask = measuredMask(geometry, width, height);
  switch (profile) {
    case 'evaluation':
      return { segmentation: mask.rle, decoded: mask, iou: 1 };
    case 'uncompressed':
      return { segmentation: rleToUncompressed(mask.rle), decoded: mask, iou: 1 };
    case 'training': {
      const exact = exactParts(geometry, mask, width, height);
      const cut = holes === 'split' ? splitParts(exact, width, height) : exact;
      const parts = tolerance > 0 ? simplifyParts(cut, { tolerance }, mask.rle).parts : cut;
      const segmentation = parts.map(keyhole);
      const decoded = measureRle(rleFromCocoPolygons(segmentation, width, height));
      const iou = decoded.rle.counts === mask.rle.counts ? 1 : rleIou(decoded.rle, mask.rle);
      // A region thinner than the tolerance would vanish.
      if (iou === 0 && tolerance > 0) {
        return writeSegmentation(geometry, width, height, { profile, holes, tolerance: 0 });
      }
      return { segmentation, decoded, iou };
    }
  }
}

/** The outer rings of parts that have no holes; null when any has. */
export function plainRings(parts: readonly Part[]): Ring[] | null {
  return parts.some(({ holes }) => holes.length > 0) ? null : parts.map(({ outer }) => outer);
}

/** The measures of a geometry, whose mask is drawn when it is asked for. */
function measuresOf(
  geometry: Geometry,
  width: number,
  height: number,
): WrittenSegmentation['decoded'] {
  return {
    ...geometryMeasures(geometry, width, height),
    get rle() {
      return geometryRle(geometry, width, height);
    },
  };
}

/**
 * The rings of a shape of simple rings, which are written unchanged and keep their pixels; null for
 * every other shape.
 */
function ringsAsStored(geometry: Geometry, width: number, height: number): Ring[] | null {
  if (geometry.kind !== 'polygon') return null;
  const rings = plainRings(geometry.parts);
  return rings?.every((ring) => isRingInside(ring, width, height)) ? rings : null;
}

/** Vectors are kept as they were drawn, unless they leave the image, where readers want none. */
function exactParts(geometry: Geometry, mask: MeasuredMask, width: number, height: number): Part[] {
  if (geometry.kind === 'polygon') {
    const rings = geometry.parts.flatMap(ringsOf);
    if (rings.every((ring) => isRingInside(ring, width, height))) return geometry.parts;
  }
  return traceRle(mask.rle);
}

function splitParts(parts: readonly Part[], width: number, height: number): Part[] {
  return parts
    .flatMap((part) => splitAtHoles(part, width, height))
    .map((outer) => ({ outer, holes: [] }));
}
