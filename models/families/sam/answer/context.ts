import type { MaskCandidate } from '../../../../core/prompt.ts';
import { answerMask } from '../../../answer/mask-pixels.ts';
import { defaultThreshold, type LogitMap } from '../../../answer/logit-map.ts';
import type { Stopwatch } from '../../../answer/stopwatch.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import type { AnswerOptions } from '../../../model.ts';
import { mapOfPhoto } from '../network/frame.ts';
import type { DecodedMask, EncodedPhoto, SamNetwork, SamPrompt } from '../network/network.ts';

/** An encoded photo, and the masks that prompts about it began with. */
export interface KnownPhoto {
  readonly encoded: EncodedPhoto;
  /**
   * The low-resolution logits chosen for a prompt, by the prompt; corrections of it start from
   * them.
   */
  readonly chosen: Map<string, LogitMap>;
  readonly bytes: number;
}

/** Values of an answer as a whole. */
export interface SamContext {
  readonly network: SamNetwork;
  readonly photo: KnownPhoto;
  readonly image: RgbImage;
  readonly options: AnswerOptions;
  readonly stopwatch: Stopwatch;
}

export function decode(
  { network, photo, stopwatch }: SamContext,
  prompt: SamPrompt,
): Promise<DecodedMask[]> {
  return stopwatch.time('mask', () => network.decode(photo.encoded, prompt));
}

/** The probability above which a pixel belongs to a mask. */
export function thresholdOf({ options }: SamContext): number {
  return options.threshold ?? defaultThreshold;
}

/** A decoded mask at the photo's size. */
export function cutOut(context: SamContext, { map, score }: DecodedMask): MaskCandidate {
  const { width, height } = context.image;
  const part = { left: 0, top: 0, width, height };
  const shown = mapOfPhoto(map, context.photo.encoded.frame);
  const pixels = answerMask({ map: shown, part }, context.image, thresholdOf(context));
  return { ...pixels, score: Math.min(Math.max(score, 0), 1) };
}
