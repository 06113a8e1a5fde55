import type { DeviceKind, DeviceReport, ModelRequest, ModelResult } from '../core/prompt.ts';
import type { Manifest } from './package/manifest.ts';
import type { MaskEvidence } from './families/pixel-sail/answer/mask-score.ts';

/** A decoded image as the model sees it: EXIF orientation applied, 8-bit RGB, row-major, 3 bytes a pixel. */
export interface RgbImage {
  /** Identity of the content (sha256 of the file's bytes); keys the image cache. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface LoadOptions {
  /** `auto` tries the best available device first and falls back with a reason. */
  readonly device?: 'auto' | DeviceKind;
  readonly threads?: number;
  /** Bytes that encoded images may hold (keys and values, states, feature maps). */
  readonly cacheBytes?: number;
}

export interface GenerationOptions {
  readonly maximumTokens?: number;
  /** 0 = greedy, the default. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
}

export interface AnswerOptions {
  readonly signal?: AbortSignal;
  readonly generation?: GenerationOptions;
  /** Probability above which a pixel belongs to a mask; 0.5 in the reference. */
  readonly threshold?: number;
  /** Hears, mask by mask, what the score is made of; for fitting it. */
  readonly onEvidence?: (evidence: MaskEvidence) => void;
}

/** What happens while an answer is made; the last event is `result`. */
export type AnswerEvent =
  | { readonly kind: 'stage'; readonly stage: 'encode' | 'prefill' | 'generate' | 'mask' }
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'result'; readonly result: ModelResult };

/** A loaded model package. */
export interface PixelSail {
  readonly manifest: Manifest;
  readonly device: DeviceReport;
  /** sha256 over the manifest's file hashes and configuration: the identity that provenance records. */
  readonly hash: string;
  /** @throws AppError `invalid-input` when the texts of a request are longer than the model reads; `answer` throws it too. */
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
