import { z } from 'zod';
import { rleSchema, type Rle } from '../geometry/shapes.ts';
import type { CocoRegion } from './coco-matches.ts';

/** An object of a photo, as a detector is asked to find it. */
export interface TruthObject {
  readonly category: string;
  readonly region: CocoRegion;
  readonly area: number;
  readonly crowd: boolean;
}

/** The truth of an item, by the kind of answer. */
export type Truth =
  | { readonly kind: 'text'; readonly references: readonly string[] }
  | {
      readonly kind: 'choice';
      readonly question: string;
      /** Empty where they only stand inside the question. */
      readonly choices: readonly string[];
      readonly answer: string;
    }
  /** The regions that a text refers to, in their order; none: it refers to nothing. */
  | { readonly kind: 'masks'; readonly text: string; readonly targets: readonly Rle[] }
  | { readonly kind: 'objects'; readonly objects: readonly TruthObject[] };
export type TruthKind = Truth['kind'];
export type TruthOf<Kind extends TruthKind> = Extract<Truth, { kind: Kind }>;

/**
 * Something that is answered and scored: an item, an expression, a region or, for a detector, a
 * photo.
 */
export interface ScoredItem<Kind extends TruthKind = TruthKind> {
  /** Unique in its dataset; predictions name it. */
  readonly id: string;
  /** File name of the photo. */
  readonly image: string;
  readonly width: number;
  readonly height: number;
  /** The regions that are shown to who answers, in the order of `<Prompt0>`, `<Prompt1>` …. */
  readonly prompts: readonly Rle[];
  readonly truth: TruthOf<Kind>;
}

const detectionSchema = z.object({
  category: z.string(),
  region: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('box'),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
    z.object({ kind: z.literal('mask'), rle: rleSchema }),
  ]),
  area: z.number(),
  score: z.number(),
});

/** The answer; empty for parts that the task does not use. */
export const answerSchema = z.object({
  text: z.string().default(''),
  /** The chosen choice; null for an answer that does not say it. */
  choice: z.string().nullable().default(null),
  masks: z.array(rleSchema).default([]),
  detections: z.array(detectionSchema).default([]),
});
export type ScoredAnswer = z.output<typeof answerSchema>;

/** The value of a missing answer. */
export const noAnswer: ScoredAnswer = { text: '', choice: null, masks: [], detections: [] };

/** An item and what was answered. */
export interface ScoredPair<Kind extends TruthKind = TruthKind> {
  readonly item: ScoredItem<Kind>;
  readonly answer: ScoredAnswer;
}
