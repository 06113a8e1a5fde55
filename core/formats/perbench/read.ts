import { AppError } from '../../errors.ts';
import type { Rle } from '../../geometry/shapes.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetRow, ImageRow, NoteRow, RowText } from '../dataset-row.ts';
import { gatherRecords } from '../json-record-files.ts';
import { describe } from '../describe.ts';
import { isObject, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { readTexts } from '../row-texts.ts';
import { wordProblem } from '../word-sentences.ts';
import { keptItem, perbenchKind, readMask, readWords, soleTarget, tagProblem } from './items.ts';

/** Reads whichever of the three files are there, and unites what they say of one image and of one region. */
export async function* readPerbench(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const paths = (files.given === null ? await files.list() : [files.given]).filter(perbenchKind);
  if (paths.length === 0) {
    const parts = { name: files.name, title: 'PerBench', expected: 'STBench_*.json' };
    throw wordProblem('wordsNone', parts, 'dataset-invalid');
  }
  const images = new Map<string, GatheredImage>();
  const notes: NoteRow[] = [];
  for (const path of paths) {
    await gatherRecords(files, path, notes, (place, value) => {
      const name = readWords(value, 'image_name');
      const image = images.get(name) ?? new GatheredImage(name, place);
      images.set(name, image);
      readRecord(path, place, value, image, (row) => notes.push(row));
    });
  }
  for (const image of images.values()) yield* image.rows();
  yield* notes;
}

function readRecord(
  path: string,
  place: string,
  value: JsonObject,
  image: GatheredImage,
  note: (row: NoteRow) => void,
): void {
  const kind = perbenchKind(path)!;
  if (kind === 'referring') {
    readItem(place, value, image, note);
    return;
  }
  const key = kind === 'captions' ? 'object_annotations' : 'mcqs';
  const list = value[key];
  if (!Array.isArray(list)) {
    const found = describe(list);
    throw regionProblem('regionRowWrong', { key, expected: 'a list', found });
  }
  for (const [index, object] of (list as unknown[]).entries()) {
    const where = `${place}.${key}[${index}]`;
    try {
      const row = isObject(object) ? object : {};
      const mask = kind === 'captions' ? 'segmentation' : 'object';
      const rle = readMask(row[mask], mask);
      image.add(
        where,
        rle,
        row['annotation'],
        kind === 'captions' ? captionOf(row) : questionOf(row),
      );
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      note(loss(where, thrown));
    }
  }
}

function captionOf(row: JsonObject): RowText {
  return { kind: 'description', text: readWords(row, 'caption') };
}

/** The options stand inside the question; where we wrote them, the question is there without them, too. */
function questionOf(row: JsonObject): RowText {
  const [own] = readTexts(row['texts']).texts;
  if (own?.kind === 'question') return own;
  const [question, answer] = [readWords(row, 'question'), readWords(row, 'answer')];
  return { kind: 'question', question, choices: [], answer };
}

/** An item about one region that asks about none is a referring expression; all others are kept as they stand. */
function readItem(
  place: string,
  item: JsonObject,
  image: GatheredImage,
  note: (row: NoteRow) => void,
): void {
  const tag = soleTarget(item);
  if (tag !== null) {
    const segmentations = item['segmentations'] as JsonObject;
    const rle = readMask(segmentations[tag], `segmentations.${tag}`);
    const text = readWords(item, 'question');
    image.add(place, rle, item['annotation'], { kind: 'referring', text });
    return;
  }
  const problem = tagProblem(item);
  if (problem !== null) note(doubt(place, problem));
  image.items.push(keptItem(item));
  note(doubt(place, wordProblem('wordsItemKept', {})));
}

interface Region {
  readonly place: string;
  readonly rle: Rle;
  readonly texts: RowText[];
}

/** What the files say of one image. */
class GatheredImage {
  readonly items: ReturnType<typeof keptItem>[] = [];
  readonly #name: string;
  readonly #place: string;
  readonly #regions = new Map<string, Region>();

  constructor(name: string, place: string) {
    this.#name = name;
    this.#place = place;
  }

  /** Regions with the same pixels are one, unless we wrote which annotation each is. */
  add(place: string, rle: Rle, annotation: unknown, text: RowText): void {
    const [first] = this.#regions.values();
    if (first && String(first.rle.size) !== String(rle.size)) {
      const [height, width] = rle.size;
      const expected = { width: first.rle.size[1], height: first.rle.size[0] };
      throw regionProblem('regionMaskSize', { mask: { width, height }, expected });
    }
    const key = JSON.stringify([annotation ?? null, rle.counts]);
    const region = this.#regions.get(key);
    if (region) region.texts.push(text);
    else this.#regions.set(key, { place, rle, texts: [text] });
  }

  *rows(): Generator<DatasetRow> {
    const [first] = this.#regions.values();
    const size = first ? { width: first.rle.size[1], height: first.rle.size[0] } : null;
    const extra: ImageRow['extra'] = this.items.length > 0 ? { perbench_vres: this.items } : {};
    const [key, place] = [this.#name, this.#place];
    yield { kind: 'image', place, key, fileName: key, size, extra };
    for (const { place: where, rle, texts } of this.#regions.values()) {
      const shape = { kind: 'mask' as const, rle };
      yield { kind: 'annotation', place: where, image: key, category: null, shape, texts };
    }
  }
}
