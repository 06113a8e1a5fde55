/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Configuration values of the resize rule. */
export interface ResizeRule {
  readonly patch: number;
  /** Longest side of the result. */
  readonly maximumSide: number;
}

/**
 * The reference's resize rule: both sides become multiples of `patch`, the aspect is kept up to
 * one patch, small images are not enlarged beyond rounding up. A side ratio above `maximumSide`:1,
 * for which the reference gives a side of zero, gets one patch instead.
 */
export function targetSize(size: Size, { patch, maximumSide }: ResizeRule): Size {
  const long = Math.max(size.width, size.height);
  const short = Math.min(size.width, size.height);
  const newLong = Math.min(Math.ceil(long / patch) * patch, maximumSide);
  const newShort = Math.ceil(Math.trunc((newLong * short) / long) / patch) * patch;
  const guarded = Math.max(newShort, patch);
  return size.width >= size.height
    ? { width: newLong, height: guarded }
    : { width: guarded, height: newLong };
}

/** The size that the model sees when the long side is first scaled, up or down, to `side`. */
export function scaledTargetSize(size: Size, side: number, rule: ResizeRule): Size {
  const scale = side / Math.max(size.width, size.height);
  const scaled = {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
  return targetSize(scaled, rule);
}
