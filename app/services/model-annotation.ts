import { newId } from '../../core/ids.ts';
import type { AnswerMask, ModelRequest, ModelResult } from '../../core/prompt.ts';
import type { Annotation, Provenance, RecordId } from '../../core/records.ts';

/** Probability above which a pixel belongs to a mask, as the models answer it. */
const threshold = 0.5;

/** What a model's mask becomes an annotation with. */
export interface MaskOrigin {
  readonly imageId: RecordId;
  readonly categoryId: RecordId | null;
  readonly zOrder: number;
  readonly request: ModelRequest;
  readonly model: ModelResult['model'];
}

/** Where a mask or its words came from. */
export function modelProvenance(
  { score }: Pick<AnswerMask, 'score'>,
  { request, model }: Pick<MaskOrigin, 'request' | 'model'>,
): Provenance {
  return { source: 'model', model, request, threshold, score };
}

/** A mask of a model's answer as an annotation without texts. */
export function annotationOfMask(mask: AnswerMask, origin: MaskOrigin): Annotation {
  const { imageId, categoryId, zOrder } = origin;
  const now = Date.now();
  return {
    kind: 'annotation',
    id: newId(),
    imageId,
    categoryId,
    geometry: { kind: 'mask', rle: mask.rle },
    bbox: mask.bbox,
    area: mask.area,
    crowd: false,
    zOrder,
    attributes: {},
    texts: [],
    provenance: modelProvenance(mask, origin),
    createdAtMs: now,
    updatedAtMs: now,
    extra: {},
  };
}
