import type { SourceAnnotation, SourceImage } from '../dataset-row.ts';
import { pixelsOf } from '../written-notes.ts';
import type { Rle } from '../../geometry/shapes.ts';

/** A caption, and the regions that its phrases mean. */
export interface GroundedCaption {
  readonly caption: string;
  readonly groundings: ReadonlyMap<string, readonly GroundedRegion[]>;
}

export interface GroundedRegion {
  readonly written: SourceAnnotation;
  readonly rle: Rle;
}

/** The captions of an image. A phrase that several regions have means all of them. */
export function groundedCaptions(image: SourceImage): GroundedCaption[] {
  const regions = image.annotations().flatMap((written): GroundedRegion[] => {
    const rle = phrasesOf(written).length > 0 ? pixelsOf(written.annotation, image.image) : null;
    return rle === null ? [] : [{ written, rle }];
  });
  return captionsOf(image).map((caption) => {
    const groundings = new Map<string, GroundedRegion[]>();
    for (const region of regions) {
      for (const phrase of phrasesOf(region.written)) {
        if (!caption.includes(phrase)) continue;
        groundings.set(phrase, [...(groundings.get(phrase) ?? []), region]);
      }
    }
    return { caption, groundings };
  });
}

/** The descriptions of an image, each once. */
export function captionsOf({ texts }: SourceImage): string[] {
  const all = texts.flatMap((text) => (text.kind === 'description' ? [text.text] : []));
  return [...new Set(all)].filter((text) => text.trim() !== '');
}

/** The referring expressions of a region, each once. */
export function phrasesOf({ texts }: SourceAnnotation): string[] {
  const all = texts.flatMap((text) => (text.kind === 'referring' ? [text.text] : []));
  return [...new Set(all)].filter((text) => text.trim() !== '');
}
