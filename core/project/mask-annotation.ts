import { newId } from '../ids.ts';
import type { AnswerMask, ModelRequest, ModelResult } from '../prompt.ts';
import type { Annotation, DetectorMark, Person, Provenance, RecordId } from '../records.ts';

/** The parts of a model's mask that an annotation keeps. */
type KeptMask = Pick<AnswerMask, 'rle' | 'bbox' | 'area' | 'score' | 'threshold' | 'isBox'>;

/** Values of an annotation made from a model's mask. */
export interface MaskOrigin {
  readonly imageId: RecordId;
  readonly categoryId: RecordId | null;
  readonly zOrder: number;
  readonly request: ModelRequest;
  readonly model: ModelResult['model'];
  /** The detector of the request's box, where a person did not draw it. */
  readonly detector?: DetectorMark | null;
  /** Whether a person saw the mask and accepted it. */
  readonly isAccepted?: boolean;
  /** The person; absent without a name. */
  readonly person?: Person | null;
}

/**
 * The provenance of a model's mask or of its words. It leaves out the names that were asked
 * together with that of the mask: each of a thousand regions would keep all of them.
 */
export function modelProvenance(
  { score, threshold }: Pick<AnswerMask, 'score' | 'threshold'>,
  {
    request,
    model,
    detector,
    isAccepted,
    person,
  }: Pick<MaskOrigin, 'request' | 'model' | 'detector' | 'isAccepted' | 'person'>,
): Provenance {
  return {
    ...{ source: 'model', model, request: withoutNamesBeside(request), threshold, score },
    ...(detector && { detector }),
    ...(isAccepted && { accepted: true }),
    ...(person && { by: person.id }),
  };
}

function withoutNamesBeside(request: ModelRequest): ModelRequest {
  if (request.task !== 'segment') return request;
  const { beside, ...alone } = request;
  return beside === undefined ? request : alone;
}

/** The annotation of a model's mask, the same for a person, a batch and a command. */
export function annotationOfMask(mask: KeptMask, origin: MaskOrigin): Annotation {
  const { imageId, categoryId, zOrder } = origin;
  const nowMs = Date.now();
  const { bbox, isBox } = mask;
  return {
    kind: 'annotation',
    id: newId(),
    imageId,
    categoryId,
    geometry: isBox ? { kind: 'box', box: bbox } : { kind: 'mask', rle: mask.rle },
    bbox,
    area: isBox ? bbox[2] * bbox[3] : mask.area,
    crowd: false,
    zOrder,
    attributes: {},
    provenance: modelProvenance(mask, origin),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    extra: {},
  };
}
