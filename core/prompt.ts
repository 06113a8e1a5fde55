import { z } from 'zod';
import { boxSchema, partSchema, pointSchema, rleSchema } from './geometry/shapes.ts';

/** One thing a person drew to point at a region. `positive: false` means "not this". */
export const promptMarkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('point'), at: pointSchema, positive: z.boolean() }),
  z.object({ kind: z.literal('box'), box: boxSchema }),
  z.object({
    kind: z.literal('scribble'),
    points: z.array(pointSchema).min(1),
    /** Stroke width in image pixels. */
    width: z.number().positive(),
    positive: z.boolean(),
  }),
  z.object({ kind: z.literal('polygon'), parts: z.array(partSchema).min(1) }),
  z.object({ kind: z.literal('mask'), rle: rleSchema }),
]);
export type PromptMark = z.infer<typeof promptMarkSchema>;

/** All marks that point at one region; the model sees it as one `<PromptN>`. */
export const regionPromptSchema = z.object({ marks: z.array(promptMarkSchema).min(1) });
export type RegionPrompt = z.infer<typeof regionPromptSchema>;

/** At most 15 regions can be named in one pass: `<Prompt0>` … `<Prompt14>`. */
export const maximumRegions = 15;

/** More points than that find nothing new and take minutes. */
export const maximumPointsPerSide = 32;
/** Where nothing else is asked for. */
export const defaultPointsPerSide = 6;

const regionsSchema = z.array(regionPromptSchema).max(maximumRegions);

/**
 * The part of the image that the model is shown, in whole pixels; left out, it is shown all of it.
 * Marks and masks are in the frame of the whole image all the same.
 */
const cropSchema = boxSchema.optional();

/**
 * Score from which masks are wanted, of a model that can be told; left out, it decides itself.
 */
const minimumScoreSchema = z.number().min(0).max(1).optional();

/**
 * A request to the model about one image. Text may name regions as `<Prompt0>` … in the order of
 * `regions`. `segment` without text returns one mask for each region; with text, the masks that the
 * text refers to. `everything` returns a mask for each object that a grid of points meets, best
 * score first.
 */
export const modelRequestSchema = z.discriminatedUnion('task', [
  z.object({
    task: z.literal('segment'),
    text: z.string().nullable(),
    /**
     * Names that are asked of the image together with `text`, one request each: what they name and
     * what `text` names compete. A model that does not compare names leaves them aside.
     */
    beside: z.array(z.string()).optional(),
    regions: regionsSchema,
    crop: cropSchema,
    minimumScore: minimumScoreSchema,
  }),
  z.object({ task: z.literal('describe'), regions: regionsSchema, crop: cropSchema }),
  z.object({
    task: z.literal('ask'),
    question: z.string().min(1),
    choices: z.array(z.string()),
    regions: regionsSchema,
    crop: cropSchema,
  }),
  z.object({
    task: z.literal('everything'),
    /** Side of the regular grid of points that are asked about, one by one. */
    pointsPerSide: z.number().int().min(1).max(maximumPointsPerSide),
    regions: z.tuple([]),
    crop: cropSchema,
    minimumScore: minimumScoreSchema,
  }),
]);
export type ModelRequest = z.infer<typeof modelRequestSchema>;

/** Tasks of a model package. */
export const modelTasks = ['segment', 'describe', 'ask'] as const;
export type ModelTask = (typeof modelTasks)[number];

/** The task that a request needs: `everything` is segmentation, point by point. */
export function neededTask({ task }: Pick<ModelRequest, 'task'>): ModelTask {
  return task === 'everything' ? 'segment' : task;
}

/** Kinds of prompts for masks: text, marks on the image, or nothing for everything. */
export const segmentPrompts = ['text', 'region', 'everything'] as const;
export type SegmentPrompt = (typeof segmentPrompts)[number];

/** The kinds of prompt that a request for masks uses; none where it asks for words. */
export function neededPrompts(request: ModelRequest): SegmentPrompt[] {
  if (request.task === 'everything') return ['everything'];
  if (request.task !== 'segment') return [];
  const { text, regions } = request;
  return [
    ...(text === null ? [] : ['text' as const]),
    ...(regions.length > 0 ? ['region' as const] : []),
  ];
}

/** A mask that a model offers for a prompt, at the original image's resolution. */
export const maskCandidateSchema = z.object({
  rle: rleSchema,
  /** Pixel count of the mask. */
  area: z.number().int().min(0),
  bbox: boxSchema,
  /** The model's own estimate of the mask's quality, 0 to 1. */
  score: z.number(),
  /** The model found a box, `bbox`, and nothing more; the mask is its pixels. */
  isBox: z.boolean().optional(),
});
export type MaskCandidate = z.infer<typeof maskCandidateSchema>;

/** One mask of an answer: the one that the model finds best. */
export const answerMaskSchema = maskCandidateSchema.extend({
  /** Probability above which a pixel belongs to the mask. */
  threshold: z.number(),
  /** Index into the request's regions that this mask answers, if it answers one. */
  region: z.number().int().nullable(),
  /** The words the answer put before this `[SEG]`, for instance a category. */
  label: z.string().nullable(),
  /**
   * Further masks for the same prompt, largest first: a click is ambiguous between an object, its
   * part and a detail. Absent for a single mask. The threshold is the same.
   */
  candidates: z.array(maskCandidateSchema).optional(),
});
export type AnswerMask = z.infer<typeof answerMaskSchema>;

export const modelAnswerSchema = z.object({
  /** The generated words, special tokens removed. */
  text: z.string(),
  masks: z.array(answerMaskSchema),
  /**
   * Index of the choice that the model finds likeliest, whatever the words say; null when there
   * were none.
   */
  choice: z.number().int().nullable(),
});
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

export const deviceKinds = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

export const graphKinds = ['fused', 'integer', 'plain'] as const;
/**
 * How a device multiplies: `fused` and `plain` in float32, with ONNX Runtime's own operators and
 * with standard ones; `integer` in int8.
 */
export type GraphKind = (typeof graphKinds)[number];

export const cpuPlanSchema = z.object({
  kind: z.enum(graphKinds),
  threads: z.number().int().min(1),
});
/** How a CPU computes a package. */
export type CpuPlan = z.infer<typeof cpuPlanSchema>;

const cpuTrialSchema = cpuPlanSchema.extend({
  /** Of the self-test; null when it failed. */
  milliseconds: z.number().nullable(),
  /** Why it may not be used, however fast; null when it may. */
  refusal: z.string().nullable(),
});
/** A plan that was measured. */
export type CpuTrial = z.infer<typeof cpuTrialSchema>;

/** The device in use, verified by a timed self-test; not the requested device. */
export const deviceReportSchema = z.object({
  requested: z.enum(['auto', ...deviceKinds]),
  /** `server`: another program computes, which the name tells. */
  used: z.enum([...deviceKinds, 'server']),
  /** For instance the adapter or processor name, where it can be known. */
  name: z.string(),
  selfTestMs: z.number(),
  threads: z.number().int(),
  /** Absent where another program computes, and in records of earlier versions. */
  kind: z.enum(graphKinds).optional(),
  /** The measurements that chose kind and threads; empty when it was known or asked for. */
  trials: z.array(cpuTrialSchema).optional(),
  /** Devices that were tried before and why they are not used. */
  fallbacks: z.array(z.object({ device: z.enum(deviceKinds), reason: z.string() })),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

export const modelResultSchema = z.object({
  answers: z.array(modelAnswerSchema),
  device: deviceReportSchema,
  /** Milliseconds by stage: decode, encode, prefill, generate, mask, total. */
  timings: z.record(z.string(), z.number()),
  model: z.object({ id: z.string(), hash: z.string() }),
});
export type ModelResult = z.infer<typeof modelResultSchema>;
