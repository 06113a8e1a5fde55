import { luminanceOf } from '../../core/category-colors.ts';
import type { Annotation } from '../../core/records.ts';
import { placeNameTags, shortenedName, tagHeightPx } from '../editor/name-tags.ts';
import type { Screen } from './screen.ts';

const font = '11px system-ui, sans-serif';
const paddingPx = 4;
const widestPx = 160;
/** The words to write for each name, and their width in CSS pixels. */
const written = new Map<string, { readonly words: string; readonly width: number }>();

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
  const measured = (words: string) => context.measureText(words).width;
  const writtenOf = (name: string) => {
    let known = written.get(name);
    if (known === undefined) {
      const words = shortenedName(name, measured, widestPx);
      known = { words, width: measured(words) };
      written.set(name, known);
    }
    return known;
  };
  const widthOf = (name: string) => writtenOf(name).width + 2 * paddingPx;
  for (const tag of placeNameTags(annotations, camera, viewport, nameOf, widthOf)) {
    const color = colorOf(tag.annotation);
    context.fillStyle = color;
    context.fillRect(tag.x, tag.y, tag.width, tagHeightPx);
    context.fillStyle = luminanceOf(color) > 0.179 ? '#000000' : '#ffffff';
    const { words } = writtenOf(tag.name);
    context.fillText(words, tag.x + paddingPx, tag.y + tagHeightPx / 2);
  }
  context.restore();
}
