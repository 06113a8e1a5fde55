import { z } from 'zod';
import { boxSchema, lineSchema, partSchema, rleSchema } from './geometry/shapes.ts';
import { modelRequestSchema } from './prompt.ts';
import { tasks } from './tasks/registry.ts';
import { segmentSchema, type Task } from './tasks/task.ts';

/**
 * The records of a project. They are replaced, never mutated; a change to them is a `Diff`
 * (diff.ts). Ids are UUIDv7 strings made by the creator of the record, so that undoing a removal
 * restores the same id. Times are milliseconds since 1970. `extra` keeps keys of imported files
 * that we do not know, for export.
 */

const idSchema = z.string().min(1);
export type RecordId = z.infer<typeof idSchema>;

const extraSchema = z.record(z.string(), z.json());

const byPerson = {
  /** The person who drew, wrote, imported or accepted it; absent without a name. */
  by: idSchema.exactOptional(),
};

export const provenanceSources = ['person', 'import', 'model'] as const;

/**
 * Where a mask or a text came from, so that it can be judged and another model can be asked the
 * same.
 */
export const provenanceSchema = z.discriminatedUnion('source', [
  z.object({ source: z.literal('person'), ...byPerson }),
  z.object({ source: z.literal('import'), file: z.string(), ...byPerson }),
  z.object({
    source: z.literal('model'),
    model: z.object({ id: z.string(), hash: z.string() }),
    request: modelRequestSchema,
    /** Probability above which a pixel belongs to the mask. */
    threshold: z.number(),
    score: z.number(),
    /** The model that found the box with which the other one was asked, and its score for it. */
    detector: z.object({ id: z.string(), hash: z.string(), score: z.number() }).exactOptional(),
    /** A person saw the mask before it became a region; absent for masks of a run over images. */
    accepted: z.literal(true).exactOptional(),
    ...byPerson,
  }),
]);

export type Provenance = z.infer<typeof provenanceSchema>;

/** The detector of the box with which a model was asked. */
export type DetectorMark = NonNullable<Extract<Provenance, { source: 'model' }>['detector']>;

export const attributeValueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type AttributeValue = z.infer<typeof attributeValueSchema>;

export const attributeDefinitionSchema = z.object({
  name: z.string().min(1),
  type: z.enum(['text', 'number', 'boolean', 'choice']),
  choices: z.array(z.string()).default([]),
  /** Whether an image is not done while a region lacks a value. */
  required: z.boolean().exactOptional(),
  /** Values of a new region. */
  default: attributeValueSchema.exactOptional(),
});

export type AttributeDefinition = z.infer<typeof attributeDefinitionSchema>;

/** The keypoints of a category's objects, in order, and which of them a line connects, from 0. */
export const skeletonSchema = z.object({
  keypoints: z.array(z.string().min(1)).min(1),
  edges: z.array(z.tuple([z.number().int().min(0), z.number().int().min(0)])),
});
export type Skeleton = z.infer<typeof skeletonSchema>;

export const attributeTypes = attributeDefinitionSchema.shape.type.options;

export const categorySchema = z.object({
  kind: z.literal('category'),
  id: idSchema,
  name: z.string().min(1),
  /** The parent in the category tree; COCO's supercategory is the parent's name. */
  parentId: idSchema.nullable(),
  /** sRGB as #rrggbb. */
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  attributes: z.array(attributeDefinitionSchema),
  /** Where lists show it beside its siblings, low first; absent until somebody has ordered them. */
  place: z.number().exactOptional(),
  /** Absent where its objects have no keypoints. */
  skeleton: skeletonSchema.exactOptional(),
  extra: extraSchema,
});
export type Category = z.infer<typeof categorySchema>;

/** The state of an image; see image-states.ts. */
export const imageStates = ['untouched', 'to-check', 'reviewed-empty', 'done'] as const;
export type ImageState = (typeof imageStates)[number];

export const splits = ['train', 'validation', 'test'] as const;
export type Split = (typeof splits)[number];

export const imageSchema = z.object({
  kind: z.literal('image'),
  id: idSchema,
  /** The image folder (see db) that `path` is relative to. */
  folderId: idSchema,
  /** Relative to the folder, `/` separators, spelled as on disk. */
  path: z.string().min(1),
  /** Size as shown: EXIF orientation applied. */
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  /** EXIF orientation tag, 1 to 8; files are never rewritten. */
  orientation: z.number().int().min(1).max(8),
  /** sha256 of the file's bytes, lower-case hex. */
  sha256: z.string(),
  state: z.enum(imageStates),
  split: z.enum(splits).nullable(),
  extra: extraSchema,
});
export type ImageRecord = z.infer<typeof imageSchema>;

/**
 * The geometry of an annotation. Polygons stay exact vectors; masks are exact pixels. A polyline
 * and a tag enclose nothing: they have no pixels, and their area is 0.
 */
export const geometrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mask'), rle: rleSchema }),
  z.object({ kind: z.literal('polygon'), parts: z.array(partSchema).min(1) }),
  z.object({ kind: z.literal('box'), box: boxSchema }),
  z.object({ kind: z.literal('polyline'), points: lineSchema }),
  /** The whole image: its category is one of the image's own. */
  z.object({ kind: z.literal('tag') }),
]);
export type Geometry = z.infer<typeof geometrySchema>;

/** 0: not labelled, 1: hidden behind something, 2: visible; as COCO has it. */
export const keypointVisibilities = [0, 1, 2] as const;

/** A keypoint in image pixels; one that is not labelled lies at 0, 0. */
export const keypointSchema = z.tuple([z.number(), z.number(), z.literal(keypointVisibilities)]);
export type Keypoint = z.infer<typeof keypointSchema>;

export const annotationSchema = z.object({
  kind: z.literal('annotation'),
  id: idSchema,
  imageId: idSchema,
  /** Null while nobody has chosen one, or after its category was removed. */
  categoryId: idSchema.nullable(),
  geometry: geometrySchema,
  /** In the order of its category's skeleton; absent while nobody has set any. */
  keypoints: z.array(keypointSchema).min(1).exactOptional(),
  /** Tight box of the geometry's pixels; of a polyline that of its vertices, of a tag the image. */
  bbox: boxSchema,
  /** Pixel count of the decoded mask (box: width times height). */
  area: z.number().min(0),
  crowd: z.boolean(),
  /** Drawing order inside the image, low first. */
  zOrder: z.number().int(),
  attributes: z.record(z.string(), attributeValueSchema),
  provenance: provenanceSchema,
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
  extra: extraSchema,
});
export type Annotation = z.infer<typeof annotationSchema>;

/**
 * Persons who worked on the project. Persons stand beside the records, as image folders do: no step
 * adds or removes one, so undo never takes the name off a step.
 */
export const personSchema = z.object({ id: idSchema, name: z.string().min(1) });
export type Person = z.infer<typeof personSchema>;

const itemFields = {
  kind: z.literal('item'),
  id: idSchema,
  imageId: idSchema,
  /** The regions that it is about, all of its image; none: it is about the image. */
  segments: z.array(segmentSchema),
  /** The person who wrote it, or took it over; null where nobody has said. */
  author: idSchema.nullable(),
  provenance: provenanceSchema,
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
  extra: extraSchema,
};

/** Spread over the tasks of a union. */
type ItemSchemaOf<Kind> =
  Kind extends Task<infer Id, infer Content>
    ? z.ZodObject<typeof itemFields & { task: z.ZodLiteral<Id>; content: Content }>
    : never;
type AnyItemSchema = ItemSchemaOf<(typeof tasks)[number]>;

/** A text about regions or about an image; tasks/registry.ts has the kinds. */
export const itemSchema = z.discriminatedUnion(
  'task',
  tasks.map(({ id, content }) =>
    z.object({ ...itemFields, task: z.literal(id), content }),
  ) as unknown as [AnyItemSchema, ...AnyItemSchema[]],
);
export type Item = z.infer<typeof itemSchema>;

export const verdicts = ['accept', 'fix', 'reject'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * The review of an item or of the mask of an annotation by one reviewer. The resulting state is
 * computed, never stored.
 */
export const reviewSchema = z
  .object({
    kind: z.literal('review'),
    id: idSchema,
    imageId: idSchema,
    /** The item or the annotation that is judged; the other one is null. */
    itemId: idSchema.nullable(),
    annotationId: idSchema.nullable(),
    /** Null where nobody has said. */
    reviewer: idSchema.nullable(),
    verdict: z.enum(verdicts),
    /** One of the reasons that the project keeps. */
    reason: z.string().nullable(),
    note: z.string(),
    /** The content that the reviewer would have. */
    suggestion: z.json().exactOptional(),
    atMs: z.number().int(),
  })
  .refine(({ itemId, annotationId }) => (itemId === null) !== (annotationId === null), {
    message: 'A review is of an item or of an annotation',
  });
export type Review = z.infer<typeof reviewSchema>;

export const projectRecordSchema = z.discriminatedUnion('kind', [
  categorySchema,
  imageSchema,
  annotationSchema,
  itemSchema,
  reviewSchema,
]);
export type ProjectRecord = z.infer<typeof projectRecordSchema>;
export type RecordKind = ProjectRecord['kind'];
