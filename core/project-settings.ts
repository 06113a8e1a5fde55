import { z } from 'zod';
import { categoryKeys } from './category-keys.ts';
import { imageFilterSchema } from './project/image-filter.ts';

/** Where a person was when they left: an image, and how it lay on the canvas. */
const lastViewSchema = z.object({
  imageId: z.string().min(1),
  /**
   * Null: all of the image was shown. `at` is the image point in the middle of the canvas, `scale`
   * screen pixels per image pixel.
   */
  place: z
    .object({ scale: z.number().positive(), at: z.tuple([z.number(), z.number()]) })
    .nullable(),
});

const savedFilterSchema = z.object({ name: z.string().min(1), filter: imageFilterSchema });

export const projectPurposes = ['regions', 'perbench'] as const;
export type ProjectPurpose = (typeof projectPurposes)[number];

/**
 * Settings of one project. They are not records: exports do not have them, and undo does not change
 * them.
 */
export const projectSettingsSchema = z.object({
  /** The model that is loaded with the project; null: the one that the application used last. */
  modelId: z.string().min(1).nullable(),
  /** The model that is asked for words; null: the one that the application uses for them. */
  wordsModelId: z.string().min(1).nullable(),
  /** Annotations that the interface refuses to edit until a person unlocks them. */
  lockedIds: z.array(z.string().min(1)).readonly(),
  /**
   * Whether categories are made and named in their dialog only, never while regions are labelled.
   */
  isTaxonomyLocked: z.boolean(),
  /**
   * Ids of the people who share the review out among them; none: everybody may review
   * everything.
   */
  reviewers: z.array(z.string().min(1)).readonly(),
  /** How many of them review each thing. */
  reviewsEach: z.number().int().min(1),
  /**
   * Why things are rejected: those that every project begins with, by name, and the project's
   * own, in words.
   */
  reviewReasons: z.array(z.string().min(1)).readonly(),
  /** The number key of each category; see category-keys.ts. */
  categoryKeys: z.record(z.string().min(1), z.enum(categoryKeys).nullable()),
  /** Filters of the image list under names that people gave them. */
  savedFilters: z.array(savedFilterSchema).readonly(),
  /** The image shown on opening; null: the first image. */
  lastView: lastViewSchema.nullable(),
  /** `info` of the last imported COCO file and `licenses` of all of them. */
  importedInfo: z.record(z.string(), z.json()).nullable(),
  importedLicenses: z.array(z.record(z.string(), z.json())).readonly(),
  /** The purpose of the project: labelled regions, or items of a benchmark. */
  purpose: z.enum(projectPurposes),
  /** Where the project is a handout: what tells the project that it was taken from. */
  handoutOf: z.object({ createdAtMs: z.number(), name: z.string() }).nullable(),
});
export type ProjectSettings = Readonly<z.output<typeof projectSettingsSchema>>;

export const defaultProjectSettings: ProjectSettings = {
  modelId: null,
  wordsModelId: null,
  lockedIds: [],
  isTaxonomyLocked: false,
  reviewers: [],
  reviewsEach: 2,
  reviewReasons: ['wrong', 'ambiguous', 'unseen', 'language', 'mask'],
  categoryKeys: {},
  savedFilters: [],
  lastView: null,
  importedInfo: null,
  importedLicenses: [],
  purpose: 'regions',
  handoutOf: null,
};
