import { z } from 'zod';
import { boxSchema, partSchema, rleSchema } from './geometry/shapes.ts';
import { modelRequestSchema } from './prompt.ts';

/**
 * The records of a project. They are replaced, never mutated; a change to them is a `Diff` (diff.ts).
 * Ids are UUIDv7 strings made by whoever creates the record, so that undoing a removal restores the same id.
 * Times are milliseconds since 1970. `extra` keeps keys of imported files that we do not know, for export.
 */

const idSchema = z.string().min(1);
export type RecordId = z.infer<typeof idSchema>;

const extraSchema = z.record(z.string(), z.json());

/** Where a mask or a text came from, so that it can be judged and replayed with another model. */
export const provenanceSchema = z.discriminatedUnion('source', [
  z.object({ source: z.literal('person') }),
  z.object({ source: z.literal('import'), file: z.string() }),
  z.object({
    source: z.literal('model'),
    model: z.object({ id: z.string(), hash: z.string() }),
    request: modelRequestSchema,
    /** Probability above which a pixel belongs to the mask. */
    threshold: z.number(),
    score: z.number(),
  }),
]);
export type Provenance = z.infer<typeof provenanceSchema>;

export const verdicts = ['right', 'wrong'] as const;
export type Verdict = (typeof verdicts)[number];

const textBase = {
  id: idSchema,
  provenance: provenanceSchema,
  /** What a reviewer said of it; absent while nobody has. */
  verdict: z.enum(verdicts).exactOptional(),
};

/** Words about a region or an image. */
export const textRecordSchema = z.discriminatedUnion('kind', [
  z.object({ ...textBase, kind: z.literal('description'), text: z.string() }),
  z.object({ ...textBase, kind: z.literal('referring'), text: z.string() }),
  z.object({
    ...textBase,
    kind: z.literal('question'),
    question: z.string(),
    choices: z.array(z.string()),
    answer: z.string(),
  }),
]);
export type TextRecord = z.infer<typeof textRecordSchema>;

export const attributeDefinitionSchema = z.object({
  name: z.string().min(1),
  type: z.enum(['text', 'number', 'boolean', 'choice']),
  choices: z.array(z.string()).default([]),
});

export type AttributeDefinition = z.infer<typeof attributeDefinitionSchema>;

export const attributeTypes = attributeDefinitionSchema.shape.type.options;

export const attributeValueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type AttributeValue = z.infer<typeof attributeValueSchema>;

export const categorySchema = z.object({
  kind: z.literal('category'),
  id: idSchema,
  name: z.string().min(1),
  /** The parent in the category tree; COCO's supercategory is the parent's name. */
  parentId: idSchema.nullable(),
  /** sRGB as #rrggbb. */
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  attributes: z.array(attributeDefinitionSchema),
  extra: extraSchema,
});
export type Category = z.infer<typeof categorySchema>;

/** What was said of an image; see image-states.ts. */
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
  /** Words about the whole image, for instance captions. */
  texts: z.array(textRecordSchema),
  extra: extraSchema,
});
export type ImageRecord = z.infer<typeof imageSchema>;

/** The region of an annotation. Polygons stay exact vectors; masks are exact pixels. */
export const geometrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mask'), rle: rleSchema }),
  z.object({ kind: z.literal('polygon'), parts: z.array(partSchema).min(1) }),
  z.object({ kind: z.literal('box'), box: boxSchema }),
]);
export type Geometry = z.infer<typeof geometrySchema>;

export const annotationSchema = z.object({
  kind: z.literal('annotation'),
  id: idSchema,
  imageId: idSchema,
  /** Null while nobody has chosen one, or after its category was removed. */
  categoryId: idSchema.nullable(),
  geometry: geometrySchema,
  /** Tight box of the geometry's pixels. */
  bbox: boxSchema,
  /** Pixel count of the decoded mask (box: width times height). */
  area: z.number().min(0),
  crowd: z.boolean(),
  /** Drawing order inside the image, low first. */
  zOrder: z.number().int(),
  attributes: z.record(z.string(), attributeValueSchema),
  texts: z.array(textRecordSchema),
  provenance: provenanceSchema,
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
  extra: extraSchema,
});
export type Annotation = z.infer<typeof annotationSchema>;

export const projectRecordSchema = z.discriminatedUnion('kind', [
  categorySchema,
  imageSchema,
  annotationSchema,
]);
export type ProjectRecord = z.infer<typeof projectRecordSchema>;
