import { otherKeys } from '../formats/json-values.ts';
import { scaledRow, type Scale } from '../formats/scale.ts';
import { enclosesPixels, geometryMeasures } from '../geometry/region.ts';
import { decodeRle, encodeRle } from '../geometry/rle.ts';
import type { Box, Rle } from '../geometry/shapes.ts';
import { scalePart, scaleRing, verticesBox } from '../geometry/vertices.ts';
import type { Annotation, Geometry } from '../records.ts';
import { scaleKeypoints } from './keypoints.ts';
import type { PhotoChoice } from './photo-choices.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * An annotation as it is in the photo of another size. Masks of pixels are cut or padded where they
 * stay, and take the nearest pixel where they are scaled.
 * @returns null where nothing of it lies in the photo
 */
export function refitted(
  annotation: Annotation,
  from: Size,
  to: Size,
  choice: Exclude<PhotoChoice, 'set-aside'>,
): Annotation | null {
  const isSameSize = from.width === to.width && from.height === to.height;
  if (isSameSize) return annotation;
  const scale =
    choice === 'scale' ? { x: to.width / from.width, y: to.height / from.height } : null;
  const factor = scale ?? { x: 1, y: 1 };
  const geometry = refittedGeometry(annotation.geometry, to, factor);
  if (geometry === null) return null;
  const measures = geometryMeasures(geometry, to.width, to.height);
  if (enclosesPixels(geometry) && !(measures.area > 0)) return null;
  // Keypoints lie in the photo as the outline does; a box that a file gave besides is no more so.
  const extra = otherKeys(annotation.extra, ['given_bbox']);
  const kept = scale ? (scaledRow(extra, scale) as Annotation['extra']) : extra;
  const { keypoints } = annotation;
  return {
    ...annotation,
    geometry,
    ...(scale && keypoints && { keypoints: scaleKeypoints(keypoints, scale) }),
    ...measures,
    extra: kept,
  };
}

function refittedGeometry(geometry: Geometry, to: Size, factor: Scale): Geometry | null {
  switch (geometry.kind) {
    case 'polygon':
      return { kind: 'polygon', parts: geometry.parts.map((part) => scalePart(part, factor)) };
    case 'mask':
      return { kind: 'mask', rle: resampled(geometry.rle, to, factor) };
    case 'polyline': {
      const points = scaleRing(geometry.points, factor);
      const [left, top] = verticesBox([points]);
      return left > to.width || top > to.height ? null : { kind: 'polyline', points };
    }
    case 'tag':
      return geometry;
    case 'box': {
      const box = cut(geometry.box, to, factor);
      return box && { kind: 'box', box };
    }
  }
}

function cut([left, top, width, height]: Box, to: Size, { x, y }: Scale): Box | null {
  const right = Math.min(to.width, (left + width) * x);
  const bottom = Math.min(to.height, (top + height) * y);
  const box: Box = [left * x, top * y, right - left * x, bottom - top * y];
  return box[2] > 0 && box[3] > 0 ? box : null;
}

/** Each pixel takes the value of the one that its middle came from. */
function resampled(rle: Rle, { width, height }: Size, { x, y }: Scale): Rle {
  const before = decodeRle(rle);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const fromRow = Math.floor((row + 0.5) / y);
    if (fromRow >= before.height) break;
    for (let column = 0; column < width; column++) {
      const fromColumn = Math.floor((column + 0.5) / x);
      if (fromColumn >= before.width) break;
      data[row * width + column] = before.data[fromRow * before.width + fromColumn]!;
    }
  }
  return encodeRle({ width, height, data });
}
