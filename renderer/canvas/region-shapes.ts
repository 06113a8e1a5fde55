import { enclosesPixels } from '../../core/geometry/region.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import type { MaskCandidate } from '../../core/prompt.ts';
import type { Annotation, Geometry } from '../../core/records.ts';
import { cropMask, maskRuns, type MaskRuns } from '../editor/mask-runs.ts';
import { maskPath, vectorPath } from './geometry-path.ts';
import { tintMask } from './mask-bitmap.ts';
import { isLong, type Sight } from './thinned-ring.ts';
import { levelFor } from './tile-grid.ts';

/**
 * The drawable form of a region, made once per record, since records are replaced and not changed.
 */
export interface RegionShape {
  /** In image coordinates, as far as it is to be seen. */
  outline(sight: Sight): Path2D;
  /** @param scale device pixels along the side of an image pixel */
  fill(context: CanvasRenderingContext2D, color: string, scale: number, sight: Sight): void;
}

/** Of the bitmap of a mask, in cells. */
const largestMaskSide = 4096;

const shapes = new WeakMap<Annotation | MaskCandidate, RegionShape>();

export function annotationShape(annotation: Annotation): RegionShape {
  return known(annotation, () => makeShape(annotation.geometry, annotation.bbox));
}

export function proposalShape(proposal: MaskCandidate): RegionShape {
  return known(proposal, () => maskShape(maskRuns(proposal.rle), proposal.bbox));
}

function known(owner: Annotation | MaskCandidate, make: () => RegionShape): RegionShape {
  let shape = shapes.get(owner);
  if (!shape) {
    shape = make();
    shapes.set(owner, shape);
  }
  return shape;
}

function makeShape(geometry: Geometry, bbox: Box): RegionShape {
  if (geometry.kind === 'mask') return maskShape(maskRuns(geometry.rle), bbox);
  const exact = isLong(geometry) ? null : vectorPath(geometry);
  const outline = (sight: Sight) => exact ?? vectorPath(geometry, sight);
  return {
    outline,
    fill(context, color, _, sight) {
      if (!enclosesPixels(geometry)) return;
      context.fillStyle = color;
      context.fill(outline(sight), 'evenodd');
    },
  };
}

function maskShape(mask: MaskRuns, bbox: Box): RegionShape {
  let outline: Path2D | null = null;
  let tinted: { readonly key: string; readonly bitmap: OffscreenCanvas; readonly box: Box } | null =
    null;
  return {
    outline() {
      return (outline ??= maskPath(mask));
    },
    fill(context, color, scale) {
      const needed = Math.max(2 ** levelFor(scale), 1);
      const smallest = Math.max(bbox[2], bbox[3]) / largestMaskSide;
      const cell = Math.max(needed, 2 ** Math.ceil(Math.log2(Math.max(smallest, 1))));
      const key = `${color} ${cell}`;
      if (tinted?.key !== key) {
        const crop = cropMask(mask, bbox, cell);
        const box: Box = [crop.x, crop.y, crop.width * cell, crop.height * cell];
        tinted = { key, bitmap: tintMask(crop, color), box };
      }
      context.drawImage(tinted.bitmap, ...tinted.box);
    },
  };
}
