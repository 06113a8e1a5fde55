import type { AppError } from '../errors.ts';
import { isBox } from './coco/row.ts';
import { readSegmentation, isEmptySegmentation } from './coco/segmentation.ts';
import type { ImageRow, RowShape } from './dataset-row.ts';
import { describe } from './describe.ts';
import { type JsonObject } from './json-values.ts';
import { regionProblem } from './region-sentences.ts';

/**
 * The region of a row of COCO: its segmentation, or else its box; null where it has neither.
 * @param doubt told of polygons that are left out
 * @throws AppError `invalid-input` whose message is a clause.
 */
export function readCocoRegion(
  { segmentation, bbox }: JsonObject,
  size: ImageRow['size'],
  doubt: (problem: AppError) => void,
): RowShape | null {
  if (!isEmptySegmentation(segmentation)) {
    const own = (segmentation as { size?: unknown }).size;
    const [height, width] = Array.isArray(own) ? (own as number[]) : [];
    const sides = size ?? { width: width ?? 0, height: height ?? 0 };
    const region = readSegmentation(segmentation, sides.width, sides.height);
    if (region.kind === 'mask') return { kind: 'mask', rle: region.rle };
    for (const { index } of region.problems) {
      const found = describe((segmentation as unknown[])[index]);
      const parts = { key: `segmentation[${index}]`, expected: '6 numbers or more', found };
      doubt(regionProblem('regionRowWrong', parts));
    }
    return { kind: 'polygon', parts: region.rings.map((outer) => ({ outer, holes: [] })) };
  }
  if (bbox === undefined || bbox === null) return null;
  if (isBox(bbox)) return { kind: 'box', box: bbox };
  throw regionProblem('regionRowWrong', {
    key: 'bbox',
    expected: '4 numbers',
    found: describe(bbox),
  });
}
