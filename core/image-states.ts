import { imageStates, type ImageRecord, type ImageState } from './records.ts';

/*
 * `untouched`: nobody has said anything of the image, whatever is drawn on it. `to-check`: it has
 * regions that nobody has looked at, or a change contradicted what was said of it. `done` and
 * `reviewed-empty` are a person's word.
 */

/** The states in which an image waits for a person. */
export const openStates = ['untouched', 'to-check'] as const satisfies readonly ImageState[];

/** No image in any state, to count from. */
export function noImages(): Record<ImageState, number> {
  return Object.fromEntries(imageStates.map((state) => [state, 0])) as Record<ImageState, number>;
}

/**
 * Whether an image teaches about regions: by those it has, or because somebody said that nothing
 * is there. Any other one would be a negative that nobody meant.
 */
export function hasTaughtRegions({ state }: ImageRecord, regions: number): boolean {
  return regions > 0 || state === 'reviewed-empty';
}

/**
 * Whether a state can be said of an image: one with regions is not empty, one without labels is
 * not done.
 * @param items about the image or its regions
 */
export function canBeSaid(state: ImageState, regions: number, items: number): boolean {
  if (state === 'reviewed-empty') return regions === 0;
  return state !== 'done' || regions > 0 || items > 0;
}

/**
 * The state of an image after a person changed its regions: what was said of it holds until the
 * regions contradict it. An image that was done and has lost its last region is not said to be
 * empty by that.
 */
export function stateAfter(image: ImageRecord, regions: number, items: number): ImageState {
  return canBeSaid(image.state, regions, items) ? image.state : 'to-check';
}

/** The state of an image of which a person has checked the last region that waited. */
export function stateAfterCheck(regions: number): ImageState {
  return regions > 0 ? 'done' : 'untouched';
}
