import { z } from 'zod';
import type { AppError } from '../../errors.ts';
import { geometryMeasures } from '../../geometry/region.ts';
import type { Box } from '../../geometry/shapes.ts';
import { verticesBox } from '../../geometry/vertices.ts';
import { newId } from '../../ids.ts';
import { withOwnKeypoints } from '../../project/keypoints.ts';
import {
  attributeValueSchema,
  type Annotation,
  type Geometry,
  type ImageRecord,
  type Provenance,
  type RecordId,
} from '../../records.ts';
import type { RowText } from '../dataset-row.ts';
import { isObject, otherKeys } from '../json-values.ts';
import { isBox, isCocoId, knownKeys } from './row.ts';
import { describe } from '../describe.ts';
import { readSegmentation, isEmptySegmentation } from './segmentation.ts';
import { rowProblem } from './sentences.ts';

/** The context of a row of `annotations`: its image and category. */
export interface AnnotationContext {
  readonly image: ImageRecord;
  readonly categoryId: RecordId | null;
  readonly provenance: Provenance;
  readonly zOrder: number;
  readonly nowMs: number;
  /** Takes a doubt about the row. */
  readonly warn: (doubt: AppError) => void;
}

/** The content of a row of `annotations`. */
export interface ReadAnnotation {
  /** Null: its texts are about the whole image. */
  readonly annotation: Annotation | null;
  readonly texts: readonly RowText[];
}

/**
 * A row of `annotations` as a record; a row with a caption but no region is a text about the whole
 * image.
 * @throws AppError `invalid-input` whose message is a clause about what is wrong.
 */
export function readAnnotation(
  row: Readonly<Record<string, unknown>>,
  context: AnnotationContext,
): ReadAnnotation {
  const texts = readTexts(row, context.warn);
  const region = readGeometry(row, context);
  if (region === null) {
    if (texts.length > 0) return { annotation: null, texts };
    throw rowProblem('rowWithoutRegion', {});
  }
  const { image } = context;
  const { geometry, area, bbox, isTurned } = region;
  const isBoxKept = !isTurned && isBoxOfOthers(row['bbox'], geometry, bbox, context);
  const { attributes, extra } = readAttributes(isTurned ? withoutRotation(row) : row);
  const annotation = withOwnKeypoints({
    kind: 'annotation',
    id: newId(),
    imageId: image.id,
    categoryId: context.categoryId,
    geometry,
    bbox,
    area,
    crowd: readCrowd(row['iscrowd'], context),
    zOrder: context.zOrder,
    attributes,
    provenance: context.provenance,
    createdAtMs: context.nowMs,
    updatedAtMs: context.nowMs,
    extra: {
      ...(isCocoId(row['id']) && { id: row['id'] }),
      ...extra,
      ...(isBoxKept && { given_bbox: [...(row['bbox'] as Box)] }),
    },
  });
  return { annotation, texts };
}

type MeasuredGeometry = ReturnType<typeof geometryMeasures> & {
  readonly geometry: Geometry;
  /** Whether it is a box that the row turns. */
  readonly isTurned?: true;
};

/** A segmentation that says nothing, or covers no pixel, gives way to a sound bbox. */
function readGeometry(
  row: Readonly<Record<string, unknown>>,
  { image, warn }: AnnotationContext,
): MeasuredGeometry | null {
  const { segmentation, bbox } = row;
  const hasBox = bbox !== undefined && bbox !== null;
  const isEmpty = isAbsent(segmentation) || (hasBox && isEmptySegmentation(segmentation));
  if (!isEmpty && row['box_only'] !== true) {
    const region = measured(readSegmentationOf(segmentation, image, warn), image);
    if (region.area > 0) return region;
    if (!hasBox) throw rowProblem('segmentationEmpty', {});
  }
  if (!hasBox) return null;
  const degrees = rotationOf(row);
  if (degrees !== 0) return readTurnedBox(bbox, degrees, image, warn);
  const box = readBox(bbox, image, warn);
  if (!isAbsent(segmentation) && row['box_only'] !== true) warn(rowProblem('boxInstead', {}));
  return measured({ kind: 'box', box }, image);
}

function isAbsent(segmentation: unknown): boolean {
  const isEmptyList = Array.isArray(segmentation) && segmentation.length === 0;
  return segmentation === undefined || segmentation === null || isEmptyList;
}

function readSegmentationOf(
  segmentation: unknown,
  { width, height }: ImageRecord,
  warn: AnnotationContext['warn'],
): Geometry {
  const region = readSegmentation(segmentation, width, height);
  if (region.kind === 'mask') return { kind: 'mask', rle: region.rle };
  for (const problem of region.problems) warn(rowProblem('polygonLeftOut', problem));
  return { kind: 'polygon', parts: region.rings.map((outer) => ({ outer, holes: [] })) };
}

function measured(geometry: Geometry, { width, height }: ImageRecord): MeasuredGeometry {
  return { geometry, ...geometryMeasures(geometry, width, height) };
}

function readBox(
  value: unknown,
  { width, height }: ImageRecord,
  warn: AnnotationContext['warn'],
): Box {
  const found = describe(value);
  if (!isBox(value)) throw rowProblem('boxUnreadable', { found });
  const [x, y, boxWidth, boxHeight] = value;
  if (!(boxWidth > 0 && boxHeight > 0)) throw rowProblem('boxWithoutArea', { found });
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + boxWidth), Math.min(height, y + boxHeight)];
  if (right <= left || bottom <= top) {
    throw rowProblem('boxOutside', { found, width, height });
  }
  if (left === x && top === y && right === x + boxWidth && bottom === y + boxHeight) return value;
  warn(rowProblem('boxCut', { found, width, height }));
  return [left, top, right - left, bottom - top];
}

/**
 * CVAT and Label Studio write a turned box as an upright one, with its turn in degrees among the
 * attributes.
 */
function rotationOf({ attributes, rotation }: Readonly<Record<string, unknown>>): number {
  const written = (isObject(attributes) ? attributes['rotation'] : undefined) ?? rotation;
  return typeof written === 'number' && Number.isFinite(written) ? written % 360 : 0;
}

/** The turn is in the outline then; a reader must not turn that again. */
function withoutRotation(
  row: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { attributes, ...others } = row;
  const kept = otherKeys(others, ['rotation']);
  return isObject(attributes)
    ? { ...kept, attributes: otherKeys(attributes, ['rotation']) }
    : { ...kept, ...(attributes !== undefined && { attributes }) };
}

/** A box turned clockwise about its centre, as the outline that it is. */
function readTurnedBox(
  value: unknown,
  degrees: number,
  image: ImageRecord,
  warn: AnnotationContext['warn'],
): MeasuredGeometry {
  const found = describe(value);
  if (!isBox(value)) throw rowProblem('boxUnreadable', { found });
  const [x, y, width, height] = value;
  if (!(width > 0 && height > 0)) throw rowProblem('boxWithoutArea', { found });
  const [sine, cosine] = [Math.sin, Math.cos].map((part) => part((degrees * Math.PI) / 180));
  const corners = [
    [-width, -height],
    [width, -height],
    [width, height],
    [-width, height],
  ] as const;
  const outer = corners.flatMap(([across, down]) => [
    x + (width + across * cosine! - down * sine!) / 2,
    y + (height + across * sine! + down * cosine!) / 2,
  ]);
  const region = measured({ kind: 'polygon', parts: [{ outer, holes: [] }] }, image);
  if (region.area === 0) {
    throw rowProblem('boxOutside', { found, width: image.width, height: image.height });
  }
  warn(rowProblem('boxTurned', { found, degrees }));
  return { ...region, isTurned: true };
}

/** Pixels by which a written box may differ without being worth a word. */
const boxTolerance = 2;

/**
 * Whether the written box is not that of the mask. It may be the box of the whole object, of which
 * the mask is the visible part; or that of another object, which shows that rows were mixed up.
 */
function isBoxOfOthers(
  written: unknown,
  geometry: Geometry,
  maskBox: Box,
  { warn }: AnnotationContext,
): boolean {
  if (geometry.kind === 'box' || written === undefined || written === null) return false;
  if (!isBox(written)) {
    warn(rowProblem('boxMeasured', { found: describe(written) }));
    return false;
  }
  // COCO takes the box of a polygon from its vertices, some of which fill no pixel.
  const expected =
    geometry.kind === 'polygon' ? verticesBox(geometry.parts.map(({ outer }) => outer)) : maskBox;
  if (isNear(written, expected)) return false;
  warn(rowProblem('boxDiffers', { found: describe(written), expected: describe(expected) }));
  return true;
}

/** Whether no edge of two boxes is further from its like than {@link boxTolerance}. */
function isNear(one: Box, other: Box): boolean {
  const isApart = (difference: number): boolean => !(Math.abs(difference) <= boxTolerance);
  const [right, bottom] = [one[0] + one[2], one[1] + one[3]];
  return !(
    isApart(one[0] - other[0]) ||
    isApart(one[1] - other[1]) ||
    isApart(right - (other[0] + other[2])) ||
    isApart(bottom - (other[1] + other[3]))
  );
}

function readCrowd(value: unknown, { warn }: AnnotationContext): boolean {
  if (value === 1 || value === true) return true;
  if (value !== 0 && value !== false && value !== undefined && value !== null) {
    warn(rowProblem('crowdUnknown', { found: describe(value) }));
  }
  return false;
}

const verdict = { verdict: z.enum(['right', 'wrong']).exactOptional() };
const textSchema = z.discriminatedUnion('kind', [
  z.object({ ...verdict, kind: z.literal('description'), text: z.string() }),
  z.object({ ...verdict, kind: z.literal('referring'), text: z.string() }),
  z.object({
    ...verdict,
    kind: z.literal('question'),
    question: z.string(),
    choices: z.array(z.string()),
    answer: z.string(),
  }),
]);

/**
 * The texts of a row: our own exports write all `texts`; elsewhere there is a `caption` at most.
 */
export function readTexts(
  row: Readonly<Record<string, unknown>>,
  warn: (doubt: AppError) => void,
): RowText[] {
  const { texts, caption } = row;
  if (Array.isArray(texts)) {
    return texts.flatMap((text: unknown, index) => {
      const parsed = textSchema.safeParse(text);
      if (parsed.success) return [parsed.data];
      warn(rowProblem('textUnknown', { index, found: describe(text) }));
      return [];
    });
  }
  if (typeof caption === 'string' && caption !== '') {
    return [{ kind: 'description', text: caption }];
  }
  if (caption !== undefined && caption !== null && caption !== '') {
    warn(rowProblem('captionUnknown', { found: describe(caption) }));
  }
  return [];
}

/** Attributes with simple values become ours; the others stay with the unknown keys. */
function readAttributes(
  row: Readonly<Record<string, unknown>>,
): Pick<Annotation, 'attributes' | 'extra'> {
  const written = row['attributes'];
  const extra = otherKeys(row, knownKeys.annotation);
  if (!isObject(written)) return { attributes: {}, extra };
  const simple = Object.entries(written).flatMap(([name, value]) => {
    const parsed = attributeValueSchema.safeParse(value);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  const others = otherKeys(
    written,
    simple.map(([name]) => name),
  );
  return {
    attributes: Object.fromEntries(simple),
    extra: Object.keys(others).length > 0 ? { ...extra, attributes: others } : extra,
  };
}
