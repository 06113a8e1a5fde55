import { luminanceOf } from '../../core/category-colors.ts';
import type { Annotation } from '../../core/records.ts';
import { placeNameTags, tagHeightPx } from '../editor/name-tags.ts';
import type { Screen } from './screen.ts';

const font = '11px system-ui, sans-serif';
const paddingPx = 4;
const longestPx = 160;
const widths = new Map<string, number>();

/** Writes the names of regions beside them, each on its own colour. */
export function drawNameTags(
  { context, camera, viewport, ratio }: Screen,
  annotations: readonly Annotation[],
  nameOf: (annotation: Annotation) => string,
  colorOf: (annotation: Annotation) => string,
): void {
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = font;
  context.textBaseline = 'middle';
  const widthOf = (name: string) => {
    let width = widths.get(name);
    if (width === undefined) {
      width = Math.min(context.measureText(name).width, longestPx) + 2 * paddingPx;
      widths.set(name, width);
    }
    return width;
  };
  for (const tag of placeNameTags(annotations, camera, viewport, nameOf, widthOf)) {
    const color = colorOf(tag.annotation);
    context.fillStyle = color;
    context.fillRect(tag.x, tag.y, tag.width, tagHeightPx);
    context.fillStyle = luminanceOf(color) > 0.179 ? '#000000' : '#ffffff';
    context.fillText(tag.name, tag.x + paddingPx, tag.y + tagHeightPx / 2, longestPx);
  }
  context.restore();
}
