/** By how much a photo on disk is larger than in the file that describes it. */
export interface Scale {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Whether a value is the length of a side in pixels. */
export function isSize(value: unknown): value is number {
  return Number.isFinite(value) && Number(value) > 0;
}

/** A size in whole pixels as a file says it; null for anything else. */
export function wholeSize(
  width: unknown,
  height: unknown,
): { width: number; height: number } | null {
  const isWhole = (side: unknown): side is number => Number.isInteger(side) && isSize(side);
  return isWhole(width) && isWhole(height) ? { width, height } : null;
}

/** Whether two sizes differ by what rounding may do: shapes stay where they are. */
export function isNearly(written: Size, onDisk: Size): boolean {
  return (
    Math.abs(written.width - onDisk.width) <= 1 && Math.abs(written.height - onDisk.height) <= 1
  );
}

/**
 * The scale between two sizes of one photo, whose sides were rounded to whole pixels.
 * @returns null where the proportions differ: it was cut, padded or turned, or is another photo
 */
export function scaleBetween(written: Size, onDisk: Size): Scale | null {
  const scale = { x: onDisk.width / written.width, y: onDisk.height / written.height };
  const isAlike = (own: number, other: number, side: number, sideOnDisk: number): boolean =>
    Math.abs(side * other - sideOnDisk) <= Math.max(1, own);
  return isAlike(scale.x, scale.y, written.width, onDisk.width) &&
    isAlike(scale.y, scale.x, written.height, onDisk.height)
    ? scale
    : null;
}

/**
 * A row of `annotations` as it is in the scaled photo: its polygons, its bbox and its keypoints. A
 * mask of pixels stays and is left out for its size by what reads it.
 */
export function scaledRow(row: Row, scale: Scale): Row {
  const { segmentation, bbox, keypoints } = row;
  return {
    ...row,
    ...(Array.isArray(segmentation) && { segmentation: scaledPolygons(segmentation, scale) }),
    ...(Array.isArray(bbox) && { bbox: scaledEvery(bbox, 2, scale) }),
    ...(Array.isArray(keypoints) && { keypoints: scaledEvery(keypoints, 3, scale) }),
  };
}

function scaledPolygons(list: readonly unknown[], scale: Scale): unknown[] {
  if (typeof list[0] === 'number') return scaledEvery(list, 2, scale);
  return list.map((polygon: unknown) =>
    Array.isArray(polygon) ? scaledEvery(polygon, 2, scale) : polygon,
  );
}

/** Numbers in groups that begin with x and y; what is no number stays. */
function scaledEvery(values: readonly unknown[], group: number, { x, y }: Scale): unknown[] {
  return values.map((value, index) => {
    const place = index % group;
    return typeof value === 'number' && place < 2 ? value * (place === 0 ? x : y) : value;
  });
}
