import type { Box, Part } from '../../core/geometry/shapes.ts';
import type { Annotation } from '../../core/records.ts';
import { cropMask, outlineSegments, type MaskCrop } from '../editor/mask-crop.ts';
import type { Proposal } from '../editor/proposals.ts';
import { tintMask } from './mask-bitmap.ts';

/** What the canvas draws for a region; made once for each record, since records are replaced, not changed. */
export interface RegionShape {
  fill(context: CanvasRenderingContext2D, color: string): void;
  readonly outline: Path2D;
}

const ofAnnotation = new WeakMap<Annotation, RegionShape>();
const ofProposal = new WeakMap<Proposal, RegionShape>();

export function annotationShape(annotation: Annotation): RegionShape {
  let shape = ofAnnotation.get(annotation);
  if (!shape) {
    shape = makeShape(annotation);
    ofAnnotation.set(annotation, shape);
  }
  return shape;
}

export function proposalShape(proposal: Proposal): RegionShape {
  let shape = ofProposal.get(proposal);
  if (!shape) {
    shape = maskShape(cropMask(proposal.rle, proposal.bbox));
    ofProposal.set(proposal, shape);
  }
  return shape;
}

function makeShape({ geometry, bbox }: Annotation): RegionShape {
  switch (geometry.kind) {
    case 'mask':
      return maskShape(cropMask(geometry.rle, bbox));
    case 'polygon':
      return pathShape(partsPath(geometry.parts));
    case 'box':
      return pathShape(boxPath(geometry.box));
  }
}

function maskShape(crop: MaskCrop): RegionShape {
  const tinted = new Map<string, HTMLCanvasElement>();
  const outline = new Path2D();
  for (const [x0, y0, x1, y1] of outlineSegments(crop)) {
    outline.moveTo(x0, y0);
    outline.lineTo(x1, y1);
  }
  return {
    outline,
    fill(context, color) {
      const bitmap = tinted.get(color) ?? tintMask(crop, color);
      tinted.set(color, bitmap);
      context.drawImage(bitmap, crop.x, crop.y);
    },
  };
}

function pathShape(outline: Path2D): RegionShape {
  return {
    outline,
    fill(context, color) {
      context.fillStyle = color;
      context.fill(outline, 'evenodd');
    },
  };
}

function partsPath(parts: readonly Part[]): Path2D {
  const path = new Path2D();
  for (const part of parts) {
    for (const ring of [part.outer, ...part.holes]) {
      path.moveTo(ring[0]!, ring[1]!);
      for (let index = 2; index < ring.length; index += 2)
        path.lineTo(ring[index]!, ring[index + 1]!);
      path.closePath();
    }
  }
  return path;
}

function boxPath([x, y, width, height]: Box): Path2D {
  const path = new Path2D();
  path.rect(x, y, width, height);
  return path;
}
