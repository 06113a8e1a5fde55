import type { Annotation } from '../../core/records.ts';
import { toScreen, type Camera } from './camera.ts';
import type { Size } from './tools/bounds.ts';

/** A name on the canvas, in CSS pixels of it. */
export interface NameTag {
  readonly annotation: Annotation;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export const tagHeightPx = 16;
/** Regions that look smaller than this get no name. */
const smallestSidePx = 12;
const mostTags = 150;
/** Side of the squares by which it is known what is taken. */
const cellPx = 8;

const bySize = new WeakMap<readonly Annotation[], readonly Annotation[]>();

/**
 * Where names of regions are written: at the upper left corner of each that is in view, the largest
 * first, and none over another one.
 * @param widthOf the width of a name in CSS pixels
 */
export function placeNameTags(
  annotations: readonly Annotation[],
  camera: Camera,
  viewport: Size,
  nameOf: (annotation: Annotation) => string,
  widthOf: (name: string) => number,
): NameTag[] {
  const taken = new Set<number>();
  const columns = Math.ceil(viewport.width / cellPx) + 2;
  const tags: NameTag[] = [];
  for (const annotation of largestFirst(annotations)) {
    if (tags.length === mostTags) break;
    const [left, top, width, height] = annotation.bbox;
    if (Math.max(width, height) * camera.scale < smallestSidePx) break;
    const [screenLeft, screenTop] = toScreen(camera, [left, top]);
    const [right, bottom] = toScreen(camera, [left + width, top + height]);
    if (right < 0 || bottom < 0 || screenLeft > viewport.width || screenTop > viewport.height)
      continue;
    const name = nameOf(annotation);
    if (name === '') continue;
    const tagWidth = widthOf(name);
    const x = Math.min(Math.max(screenLeft, 0), Math.max(viewport.width - tagWidth, 0));
    const y = Math.min(Math.max(screenTop - tagHeightPx, 0), viewport.height - tagHeightPx);
    const cells = cellsOf(x, y, tagWidth, columns);
    if (cells.some((cell) => taken.has(cell))) continue;
    for (const cell of cells) taken.add(cell);
    tags.push({ annotation, name, x, y, width: tagWidth });
  }
  return tags;
}

/**
 * A name, or as much of its start as fits before an ellipsis.
 * @param widthOf the width of a text in CSS pixels; no longer text is narrower
 * @param widest CSS pixels
 */
export function shortenedName(
  name: string,
  widthOf: (text: string) => number,
  widest: number,
): string {
  if (widthOf(name) <= widest) return name;
  const characters = Array.from(name);
  const start = (count: number) => `${characters.slice(0, count).join('').trimEnd()}…`;
  let [fits, tooMany] = [0, characters.length];
  while (tooMany - fits > 1) {
    const count = (fits + tooMany) >> 1;
    if (widthOf(start(count)) <= widest) fits = count;
    else tooMany = count;
  }
  return start(fits);
}

/**
 * By the longer side, for that is what has to be seen; kept for as long as the regions are the
 * same.
 */
function largestFirst(annotations: readonly Annotation[]): readonly Annotation[] {
  let sorted = bySize.get(annotations);
  if (!sorted) {
    const side = ({ bbox }: Annotation) => Math.max(bbox[2], bbox[3]);
    sorted = [...annotations].sort((a, b) => side(b) - side(a));
    bySize.set(annotations, sorted);
  }
  return sorted;
}

function cellsOf(x: number, y: number, width: number, columns: number): number[] {
  const cells: number[] = [];
  const [firstRow, firstColumn] = [Math.floor(y / cellPx), Math.floor(x / cellPx)];
  for (let row = firstRow; row * cellPx < y + tagHeightPx; row++) {
    for (let column = firstColumn; column * cellPx < x + width; column++) {
      cells.push(row * columns + column);
    }
  }
  return cells;
}
