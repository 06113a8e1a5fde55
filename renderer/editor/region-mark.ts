import type { PromptMark } from '../../core/prompt.ts';
import type { Annotation } from '../../core/records.ts';

/** The region of an annotation as a prompt mark. */
export function markOf({ geometry, bbox }: Annotation): PromptMark {
  switch (geometry.kind) {
    case 'mask':
      return { kind: 'mask', rle: geometry.rle };
    case 'polygon':
      return { kind: 'polygon', parts: geometry.parts };
    case 'box':
      return { kind: 'box', box: geometry.box };
    case 'polyline':
    case 'tag':
      // Neither has pixels: the model is shown the box around it.
      return { kind: 'box', box: bbox };
  }
}
