import { z } from 'zod';
import { imageFilterSchema, imageOrders } from '../../../core/project/image-filter.ts';
import type { Annotation, ImageRecord, Item, Review } from '../../../core/records.ts';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import type { ImageRow } from '../../../db/project.ts';
import type { JobStarted } from './job-started.ts';
import { id, method } from './method.ts';

export type { ImageRow };

export interface ImagePage {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly ImageRow[];
}

export interface ImageDocument {
  readonly image: ImageRecord;
  readonly annotations: readonly Annotation[];
  /** About the image and its annotations. */
  readonly items: readonly Item[];
  readonly reviews: readonly Review[];
}

/** Which images are listed, and in what order. */
const imageList = {
  ...imageFilterSchema.shape,
  order: z.enum(imageOrders).optional(),
};

export const imagesContract = {
  'images.importFolder': method<JobStarted>()(
    z.object({
      /** A folder; or a zip archive, which is unpacked beside the project; or one photo. */
      folder: z.string().min(1),
      /** Only these files, as paths relative to the folder with `/` separators. */
      files: z.array(z.string().min(1)).optional(),
    }),
  ),
  'images.list': method<ImagePage>()(
    z.object({
      ...imageList,
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(1000),
    }),
  ),
  /** How many images of a list come before an image, which need not be in the list itself. */
  'images.place': method<number>()(z.object({ ...imageList, imageId: id })),
  /**
   * @param isBlind without items and reviews, for a window in which somebody reviews who must
   * not know them
   */
  'images.document': method<ImageDocument>()(
    z.object({ imageId: id, isBlind: z.boolean().optional() }),
  ),
  /**
   * The problem of the file of an image: missing, unreadable, or different from the imported photo;
   * null without one.
   */
  'images.problem': method<ErrorEnvelope | null>()(z.object({ imageId: id })),
} as const;
