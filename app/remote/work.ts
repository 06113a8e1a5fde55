import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  fromErrorEnvelope,
  errorCodes,
  toErrorEnvelope,
  type AppError,
} from '../../core/errors.ts';
import { deviceReportSchema, modelRequestSchema, modelResultSchema } from '../../core/prompt.ts';

/** The queue of images, by the name that it has on the Redis server. */
export const workQueue = 'pixelsail-images';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The work of a worker on one image: answers to all of its requests. */
export const workSchema = z.object({
  version: z.literal(1),
  model: z.object({ id: z.string().min(1), hash: sha256 }),
  /** Null asks only whether the model can read the requests, before any image is sent. */
  image: z
    .object({
      sha256,
      /** Absolute, on the machine that asks. */
      path: z.string().min(1),
    })
    .nullable(),
  requests: z.array(modelRequestSchema).min(1),
  /** Where the machine that asks serves its photos and model files. */
  source: z.object({ url: z.url({ protocol: /^http$/ }), token: z.string().min(1) }).nullable(),
});
export type Work = z.infer<typeof workSchema>;

export const workResultSchema = z.object({
  /** One for each request; none where the work has no image. */
  results: z.array(modelResultSchema),
  device: deviceReportSchema,
});
export type WorkResult = z.infer<typeof workResultSchema>;

/**
 * Identity of work by the hashes of image, model and requests: asked twice, it is done once, and
 * both get the same answer.
 */
export function workId({ model, image, requests }: Work): string {
  const asked = [model.hash, image?.sha256 ?? null, requests];
  return `image-${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}`;
}

/** How often work is tried that fails by an error, and when: after 1, 2, 4 and 8 s. */
export const retries = { attempts: 5, backoff: { type: 'exponential', delay: 1000 } } as const;

/**
 * How often work is begun anew whose worker died; it is begun as often as that takes, and one that
 * takes every worker with it ends among the dead letters.
 */
export const maximumDeaths = 50;

/** Errors of the image or the request itself: to try again changes nothing. */
const final: readonly string[] = [
  ...['invalid-input', 'unsupported', 'image-unreadable', 'image-too-large'],
  ...['prompt-outside-image', 'package-invalid'],
];

export function isFinal({ code }: AppError): boolean {
  return final.includes(code);
}

const envelopeSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  detail: z.record(z.string(), z.unknown()),
  sentence: z.string().nullable(),
  chinese: z.string().optional(),
});

/** An error as the queue keeps it: a line of text. */
export function writeReason(thrown: unknown): string {
  return JSON.stringify(toErrorEnvelope(thrown));
}

/** The inverse of {@link writeReason}; of any other text, an error with that message. */
export function readReason(text: string): AppError {
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // The queue's own words, such as those of a worker that died too often.
  }
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) return fromErrorEnvelope(toErrorEnvelope(new Error(text)));
  const { chinese, ...envelope } = parsed.data;
  return fromErrorEnvelope({ ...envelope, ...(chinese !== undefined && { chinese }) });
}
