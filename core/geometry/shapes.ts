import { z } from 'zod';

/**
 * Plain geometry values. The coordinate frame is always the image as it is shown (EXIF orientation
 * applied): x to the right, y down, in pixels; pixel (c, r) covers [c, c+1) x [r, r+1).
 */

/** x, y, width, height in pixels; the COCO order. */
export const boxSchema = z.tuple([z.number(), z.number(), z.number().min(0), z.number().min(0)]);
export type Box = z.infer<typeof boxSchema>;

export const pointSchema = z.tuple([z.number(), z.number()]);
export type Point = z.infer<typeof pointSchema>;

/** A closed ring as a flat list x0, y0, x1, y1, … without repeating the first vertex. */
export const ringSchema = z.array(z.number()).min(6);
export type Ring = z.infer<typeof ringSchema>;

/** An open line as a flat list x0, y0, x1, y1, … */
export const lineSchema = z.array(z.number()).min(4);

/** One connected part of a region: an outer ring and the holes cut out of it. */
export const partSchema = z.object({ outer: ringSchema, holes: z.array(ringSchema) });
export type Part = z.infer<typeof partSchema>;

/**
 * COCO compressed run-length encoding: column-major, beginning with the run of zeros. `size` is
 * [height, width].
 */
export const rleSchema = z.object({
  size: z.tuple([z.number().int().min(1), z.number().int().min(1)]),
  counts: z.string(),
});
export type Rle = z.infer<typeof rleSchema>;

/** A decoded binary mask: row-major, one byte a pixel, 0 or 1; length = width * height. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels at a place in an image; the place may lie outside it. */
export interface PlacedBitmap {
  readonly bitmap: Bitmap;
  /** Whole image pixels. */
  readonly left: number;
  readonly top: number;
}
