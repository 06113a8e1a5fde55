import { z } from 'zod';

/**
 * A cut at object scale: the prompt's box grown by `margin` (share of its long side, on each
 * side), its long side scaled to `side` pixels.
 */
const lookSchema = z.object({
  margin: z.number().min(0),
  side: z.number().int().positive(),
  /** Whether the cut is shown mirrored; a question of left and right then has no place. */
  mirrored: z.boolean().default(false),
});

const edgesSchema = z.object({
  radius: z.number().int().positive(),
  epsilon: z.number().positive(),
});

const scoreWeightsSchema = z.object({
  bias: z.number(),
  probability: z.number(),
  stability: z.number(),
  share: z.number(),
  agreement: z.number(),
  onlyLook: z.number(),
  /** Absent in older packages, whose hash a default would change. */
  pointed: z.number().optional(),
});

const nameEvidenceSchema = z.object({
  /** With less, nothing is marked. */
  least: z.number(),
  /** How far it may lie behind that of the most evident name that is asked together with it. */
  behind: z.number().min(0),
});

/**
 * The one description of a Pixel-SAIL network of any size, as stored in a checkpoint's
 * `config.json` (the keys of Qwen2 plus those of the mask head; arXiv 2504.10465 and the authors'
 * released code).
 */
export const modelConfigSchema = z
  .object({
    hidden_size: z.number().int().positive(),
    num_hidden_layers: z.number().int().positive(),
    num_attention_heads: z.number().int().positive(),
    num_key_value_heads: z.number().int().positive(),
    /** Defaults to hidden_size / num_attention_heads. */
    head_dim: z.number().int().positive().optional(),
    intermediate_size: z.number().int().positive(),
    vocab_size: z.number().int().positive(),
    rms_norm_eps: z.number().positive().default(1e-6),
    rope_theta: z.number().positive().default(1e6),
    tie_word_embeddings: z.boolean().default(false),
    max_position_embeddings: z.number().int().positive().default(8192),
    patch_size: z.number().int().positive().default(16),
    /** Longest image side in pixels after the resize rule. */
    max_image_side: z.number().int().positive().default(1024),
    /** C: channels of the feature map and of the segmentation query. */
    mask_dim: z.number().int().positive(),
    /** 2 gives stride 4 (the paper's text), 3 stride 2 (the code). */
    upsample_blocks: z.number().int().min(1).default(3),
    num_prompts: z.number().int().positive().default(15),
    special_token_ids: z.record(z.string(), z.number().int()),
    /** Token ids of `<Prompt0>` …, in order. */
    prompt_token_ids: z.array(z.number().int()),
    /** How Studio feeds a checkpoint of ours; absent in the authors' checkpoints. */
    pixel_sail_studio: z
      .object({
        /**
         * Long side to which a whole image is scaled, up or down; absent = the reference rule
         * alone.
         */
        whole_side: z.number().int().positive().optional(),
        /**
         * Tokens that a person's text may have in one request, choices included; absent = 1024
         * (answer/text-limit.ts).
         */
        max_text_tokens: z.number().int().positive().optional(),
        /**
         * How a region is looked at for its mask; the probabilities of further looks are averaged
         * with the first one's.
         */
        zoom: lookSchema
          .extend({
            also: z.array(lookSchema).default([]),
            /**
             * Score of the first look from which no further one is taken at a box, polygon or mask;
             * absent = always all looks.
             */
            enough: z.number().min(0).max(1).optional(),
          })
          .optional(),
        /** How a region that is asked for words is looked at; absent = as for masks. */
        words: lookSchema.optional(),
        /**
         * The windows, as shares of the image's sides, in which what a point means is looked for;
         * absent = the whole image, [1].
         */
        points: z.object({ windows: z.array(z.number().positive().max(1)).min(1) }).optional(),
        /**
         * Whether the checkpoint was trained to correct a mask by clicks:
         * `<Prompt0> with <Prompt1> but not <Prompt2>`, the mask, clicks on the object and beside
         * it.
         */
        corrections: z.boolean().optional(),
        /**
         * Whether the checkpoint was trained to answer one click with three masks: "whole [SEG]
         * part [SEG] detail [SEG].".
         */
        candidates: z.boolean().optional(),
        /**
         * How masks of regions are fitted to the edges of the image, in pixels of the look
         * (`models/image/guided-filter.ts`).
         */
        edges: edgesSchema.optional(),
        /**
         * The same for masks of a text, in pixels of the whole image at half the size at which the
         * model sees it.
         */
        text_edges: edgesSchema.optional(),
        /**
         * Whether what a text names is there shows in the first word of the answer: with a
         * likelihood of "No" above `most_denied`, nothing is marked. Absent = the answer is
         * generated freely.
         */
        presence: z
          .object({
            most_denied: z.number().min(0).max(1),
            /**
             * The evidence for a name, first word and mask together, decides instead of
             * `most_denied` (`models/families/pixel-sail/answer/segment-name.ts`). Absent in older
             * packages, whose masks it would change.
             */
            evidence: nameEvidenceSchema.optional(),
          })
          .optional(),
        /**
         * How the score of a mask follows from what the mask shows
         * (`models/families/pixel-sail/answer/mask-score.ts`).
         */
        score: scoreWeightsSchema.optional(),
      })
      .default({}),
  })
  .loose();
export type ModelConfig = z.infer<typeof modelConfigSchema>;
export type Zoom = NonNullable<ModelConfig['pixel_sail_studio']['zoom']>;
export type Look = z.infer<typeof lookSchema>;
export type Edges = z.infer<typeof edgesSchema>;
export type NameEvidence = z.infer<typeof nameEvidenceSchema>;
export type ScoreWeights = z.infer<typeof scoreWeightsSchema>;

/**
 * Channels d inside the mask head: min(hidden, 1024). The pre-projector exists only when hidden >
 * 1024.
 */
export function maskHeadChannels(config: ModelConfig): number {
  return Math.min(config.hidden_size, 1024);
}

/** Width of one attention head. */
export function headDim(config: ModelConfig): number {
  return config.head_dim ?? config.hidden_size / config.num_attention_heads;
}

/** Feature map cells per patch side: 2 to the number of upsampling blocks. */
export function upsamplingFactor(config: ModelConfig): number {
  return 2 ** config.upsample_blocks;
}
