/** The part of a wheel event that tells what turned it. */
type Turn = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey'>;

/** Fingers report small steps in whole pixels; a notch of a wheel is larger, or a fraction. */
const mostStepPx = 40;
/** Events so near to each other are one gesture, however fast the fingers become. */
const gestureMs = 200;

/**
 * Distinguishes two fingers on a trackpad, which move the image, from a wheel, which zooms. The
 * first event of a gesture decides.
 */
export class WheelHand {
  #isTrackpad = false;
  #lastMs = -Infinity;

  /** @param atMs when the event came, by any clock */
  isTrackpad({ deltaX, deltaY, deltaMode, ctrlKey }: Turn, atMs: number): boolean {
    const isNew = atMs - this.#lastMs > gestureMs;
    this.#lastMs = atMs;
    if (isNew) {
      const isSmall = Number.isInteger(deltaY) && Math.abs(deltaY) < mostStepPx;
      this.#isTrackpad = deltaMode === 0 && !ctrlKey && (deltaX !== 0 || isSmall);
    }
    return this.#isTrackpad && !ctrlKey;
  }
}
