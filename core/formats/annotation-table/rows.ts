import { z } from 'zod';
import type {
  DatasetRow,
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { optionWords } from '../options.ts';
import { annotationNote, imageNote } from '../written-notes.ts';
import { tableProblem } from './sentences.ts';

export const pixelsOption = z
  .boolean()
  .default(false)
  .meta(
    optionWords(
      {
        title: 'With the pixels',
        help: 'A further column with the mask of each region as COCO RLE.',
      },
      { title: '包括像素', help: '另加一列，为每个区域的掩码（COCO RLE）。' },
    ),
  );

/** Common registry entry of tables, which can be exported only. */
export const tableWords = {
  cannotHold:
    'Export only, for analysis. Left out: images without annotations; outlines and masks unless chosen.',
  chinese: {
    cannotHold: '只能导出，用于分析。不写出：没有标注的图像；未选择时，轮廓和掩码也不写出。',
  },
  detect: () => Promise.resolve('none' as const),
};

/** The box, which the proof compares; null where it has no inside. */
export function tableShape({ annotation }: SourceAnnotation): RowShape | null {
  const { bbox } = annotation;
  return bbox[2] > 0 && bbox[3] > 0 ? { kind: 'box', box: [...bbox] } : null;
}

/** Each annotation with its image. */
export function* tableRows(
  source: DatasetSource,
): Generator<{ readonly written: SourceAnnotation; readonly image: SourceImage }, void> {
  for (const image of source.images()) {
    for (const written of image.annotations()) yield { written, image };
  }
}

/** Notes what the table does not have. */
export function noteTable(
  source: DatasetSource,
  hasPixels: boolean,
  note: (note: WrittenNote) => void,
): void {
  const counts = { tableOutlinesLeft: 0, tableLinesLeft: 0 };
  for (const image of source.images()) {
    const annotations = image.annotations();
    if (annotations.length === 0)
      note(imageNote(image, false, tableProblem('tableImageEmpty', {})));
    for (const written of annotations) {
      const { kind } = written.annotation.geometry;
      if (kind === 'polyline') counts.tableLinesLeft++;
      if ((kind === 'mask' || kind === 'polygon') && !hasPixels) counts.tableOutlinesLeft++;
      if (tableShape(written) === null) {
        note(annotationNote(image, written, false, tableProblem('tableBoxEmpty', {})));
      }
    }
  }
  for (const name of ['tableOutlinesLeft', 'tableLinesLeft'] as const) {
    if (counts[name] === 0) continue;
    const problem = tableProblem(name, { count: counts[name] });
    note({ what: source.projectName, section: 'annotations', isLoss: false, problem });
  }
}

/** Makes rows for the proof of what a table says, line by line. */
export class ProofRows {
  readonly #images = new Set<string>();

  *of(place: string, row: Readonly<Record<string, unknown>>): Generator<DatasetRow, void> {
    const key = String(row['image_id']);
    if (!this.#images.has(key)) {
      this.#images.add(key);
      const size = { width: Number(row['image_width']), height: Number(row['image_height']) };
      yield { kind: 'image', place, key, fileName: String(row['file_name']), size };
    }
    const [x, y] = [Number(row['x']), Number(row['y'])];
    const [width, height] = [Number(row['width']), Number(row['height'])];
    if (!(width > 0 && height > 0)) return;
    const { category } = row;
    yield {
      ...{ kind: 'annotation', place, image: key },
      category: typeof category === 'string' && category !== '' ? category : null,
      shape: { kind: 'box', box: [x, y, width, height] },
    };
  }
}
