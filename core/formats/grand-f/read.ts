import { AppError } from '../../errors.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { readCocoRegion } from '../coco-region.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetRow, ImageRow, NoteRow, RowText } from '../dataset-row.ts';
import type { Likeness } from '../format.ts';
import { gatherRecords, recordFiles } from '../json-record-files.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { wordProblem } from '../word-sentences.ts';
import { wholeSize } from '../scale.ts';

/** Whether the start of a file shows captions with groundings. */
export function grandfLikeness(start: string): Likeness {
  if (!/"groundings"\s*:/.test(start)) return 'none';
  return /"(token_positives|rle_masks|caption)"\s*:/.test(start) ? 'certain' : 'possible';
}

/**
 * Reads each record; those of one image are one image, and phrases of one region are its referring
 * expressions.
 */
export async function* readGrandf(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const found = await recordFiles(files, grandfLikeness);
  if (found.length === 0) {
    const parts = { name: files.name, title: 'GranD-f', expected: '"caption", "groundings"' };
    throw wordProblem('wordsNone', parts, 'dataset-invalid');
  }
  const images = new Map<string, GatheredImage>();
  const notes: NoteRow[] = [];
  for (const { path } of found) {
    await gatherRecords(files, path, notes, (place, value) => {
      readRecord(place, value, images, (row) => notes.push(row));
    });
  }
  for (const image of images.values()) yield* image.rows();
  yield* notes;
}

function readRecord(
  place: string,
  value: JsonObject,
  images: Map<string, GatheredImage>,
  note: (row: NoteRow) => void,
): void {
  const { file_name: fileName, caption, width, height } = value;
  if (typeof fileName !== 'string' || fileName === '') {
    const parts = { key: 'file_name', expected: 'a text', found: describe(fileName) };
    throw regionProblem('regionRowWrong', parts);
  }
  const size = wholeSize(width, height);
  const image = images.get(fileName) ?? new GatheredImage(place, fileName, size);
  images.set(fileName, image);
  if (typeof caption === 'string' && caption !== '') image.captions.add(caption);
  for (const [phrase, grounding] of Object.entries(Object(value['groundings']) as object)) {
    const where = `${place}.groundings[${JSON.stringify(phrase)}]`;
    const own = isObject(grounding) ? grounding : {};
    if (!isSpan(own['token_positives'], String(caption), phrase)) {
      note(doubt(where, wordProblem('wordsSpanWrong', { phrase })));
    }
    const ids = listOf(own['annotations']);
    for (const [index, mask] of listOf(own['rle_masks']).entries()) {
      try {
        const region = isObject(mask)
          ? readCocoRegion({ segmentation: mask }, size, () => {})
          : null;
        if (region?.kind !== 'mask') {
          const parts = { key: 'rle_masks', expected: 'RLEs', found: describe(mask) };
          throw regionProblem('regionRowWrong', parts);
        }
        image.add(`${where}.rle_masks[${index}]`, ids[index], region.rle, phrase);
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        note(loss(where, thrown));
      }
    }
  }
}

/** Loaders compare in small letters; spans count Unicode characters, as Python does. */
function isSpan(span: unknown, caption: string, phrase: string): boolean {
  const [start, end] = listOf(span);
  const said = [...caption].slice(Number(start), Number(end)).join('');
  return said.toLowerCase() === phrase.toLowerCase();
}

interface Region {
  readonly place: string;
  readonly rle: Rle;
  readonly phrases: Set<string>;
}

class GatheredImage {
  readonly captions = new Set<string>();
  readonly #row: ImageRow;
  readonly #regions = new Map<string, Region>();

  constructor(place: string, fileName: string, size: ImageRow['size']) {
    this.#row = { kind: 'image', place, key: fileName, fileName, size };
  }

  add(place: string, annotation: unknown, rle: Rle, phrase: string): void {
    const key = JSON.stringify([annotation ?? null, rle.counts]);
    const region = this.#regions.get(key);
    if (region) region.phrases.add(phrase);
    else this.#regions.set(key, { place, rle, phrases: new Set([phrase]) });
  }

  *rows(): Generator<DatasetRow> {
    const texts = Array.from(this.captions, (text): RowText => ({ kind: 'description', text }));
    yield { ...this.#row, texts };
    for (const { place, rle, phrases } of this.#regions.values()) {
      yield {
        ...{ kind: 'annotation', place, image: this.#row.key, category: null },
        shape: { kind: 'mask', rle },
        texts: Array.from(phrases, (text): RowText => ({ kind: 'referring', text })),
      };
    }
  }
}
