import {
  neededPrompts,
  neededTask,
  segmentPrompts,
  type DeviceKind,
  type DeviceReport,
  type MaskCandidate,
  type ModelRequest,
  type ModelResult,
} from '../core/prompt.ts';
import type { Manifest } from './package/manifest.ts';
import type { CpuChoice } from './onnx/cpu-choice.ts';
import type { RgbImage } from './image/rgb-image.ts';
import { modelFailure } from './sentences.ts';

export interface LoadOptions {
  /** `auto` tries the best available device first and falls back with a reason. */
  readonly device?: 'auto' | DeviceKind;
  readonly threads?: number | undefined;
  /** How the CPU computes; absent = in float32. */
  readonly cpu?: CpuChoice | undefined;
  /** Bytes that encoded images may hold (keys and values, states, feature maps). */
  readonly cacheBytes?: number;
  /** Origins that a person allowed photos to be sent to; this computer is always allowed. */
  readonly allowedServers?: readonly string[];
  /** The key of the model's server, where the host keeps one. */
  readonly serverKey?: string;
  /** Stops waiting for the model's server. */
  readonly signal?: AbortSignal;
}

export interface GenerationOptions {
  readonly maximumTokens?: number;
  /** 0 = greedy, the default. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
}

/** Features of the quality of a mask, and the kind of its prompt. */
export interface MaskEvidence {
  /** Mean probability of the mask's cells, 0 to 1; 0 when there are none. */
  readonly probability: number;
  /**
   * How little the mask depends on the threshold: cells one logit above it over cells one logit
   * below it.
   */
  readonly stability: number;
  /** Share of the view's cells that the mask covers. */
  readonly share: number;
  /** How well several looks agree, 0 to 1; null when there was one. */
  readonly agreement: number | null;
  /**
   * Whether one point is all that says what is meant: it leaves open how much of a thing that is.
   */
  readonly pointed: boolean;
}

export interface AnswerOptions {
  readonly signal?: AbortSignal;
  readonly generation?: GenerationOptions;
  /** Probability above which a pixel belongs to a mask; 0.5 in the reference. */
  readonly threshold?: number;
  /**
   * Hears of a mask that is not as good as the answer will be, as soon as there is one and again
   * as it gets better; only where one region is asked about.
   */
  readonly onDraft?: ((mask: MaskCandidate) => void) | undefined;
  /** Hears, mask by mask, what the score is made of; for fitting it. */
  readonly onEvidence?: (evidence: MaskEvidence) => void;
}

/** Events of a running answer; the last one is `result`. */
export type AnswerEvent =
  | { readonly kind: 'stage'; readonly stage: 'encode' | 'prefill' | 'generate' | 'mask' }
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'result'; readonly result: ModelResult };

/** A loaded model package of any family. */
export interface Model {
  readonly manifest: Manifest;
  readonly device: DeviceReport;
  /**
   * sha256 over the manifest's file hashes and configuration: the identity that provenance
   * records.
   */
  readonly hash: string;
  /**
   * @throws AppError `invalid-input` when the texts of a request are longer than the model reads;
   * `answer` throws it too.
   */
  requireReadable(request: ModelRequest): void;
  /** Encodes the whole image ahead of any prompt; cached. */
  prepare(image: RgbImage, signal?: AbortSignal): Promise<void>;
  /** Answers a request; breaking out of the loop or aborting stops it. */
  answer(
    image: RgbImage,
    request: ModelRequest,
    options?: AnswerOptions,
  ): AsyncGenerator<AnswerEvent>;
  dispose(): Promise<void>;
}

/** @throws AppError `invalid-input` when the package does not offer what a request asks for. */
export function requireTask({ manifest }: Pick<Model, 'manifest'>, request: ModelRequest): void {
  const { id, tasks, prompts = segmentPrompts } = manifest;
  const task = neededTask(request);
  if (!tasks.includes(task))
    throw modelFailure('invalid-input', 'modelCannot', { id, task, tasks });
  const prompt = neededPrompts(request).find((needed) => !prompts.includes(needed));
  if (prompt) throw modelFailure('invalid-input', 'modelTakesNo', { id, prompt, prompts });
}
