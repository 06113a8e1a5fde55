import { AppError } from '../../errors.ts';
import type { Rle } from '../../geometry/shapes.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetRow, ItemRow, NoteRow, RowText } from '../dataset-row.ts';
import { gatherRecords } from '../json-record-files.ts';
import { describe } from '../describe.ts';
import { isObject, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { readTexts } from '../read-texts.ts';
import { wordProblem } from '../word-sentences.ts';
import { otherOfItem, perbenchKind, readMask, readWords, soleTarget, tagProblem } from './items.ts';
import { bracketNames, bracketTags } from './tags.ts';

/**
 * Reads whichever of the three files are there, and unites what they say of one image and of one
 * region.
 */
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
      const text = kind === 'captions' ? captionOf(row) : questionOf(row);
      image.add(where, rle, row['annotation'], [text]);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      note(loss(where, thrown));
    }
  }
}

function captionOf(row: JsonObject): RowText {
  return { kind: 'description', text: readWords(row, 'caption') };
}

/**
 * The options stand inside the question; where we wrote them, the question is there without them,
 * too.
 */
function questionOf(row: JsonObject): RowText {
  const [own] = readTexts(row['texts']).texts;
  if (own?.kind === 'question') return own;
  const [question, answer] = [readWords(row, 'question'), readWords(row, 'answer')];
  return { kind: 'question', question, choices: [], answer };
}

/** An item about one region that asks about none is a referring expression. */
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
    image.add(place, rle, item['annotation'], [{ kind: 'referring', text }]);
    return;
  }
  const problem = tagProblem(item);
  if (problem !== null) note(doubt(place, problem));
  const segmentations = isObject(item['segmentations']) ? item['segmentations'] : {};
  const tags = Object.keys(segmentations);
  const [question, answer] = [readWords(item, 'question'), item['answer'] ?? ''];
  if (typeof answer !== 'string') readWords(item, 'answer');
  const annotations = isObject(item['annotations']) ? item['annotations'] : {};
  const names = bracketNames(tags);
  const masks = tags.map((tag) => readMask(segmentations[tag], `segmentations.${tag}`));
  masks.forEach((mask) => image.requireSize(mask));
  image.items.push({
    kind: 'item',
    place,
    image: image.name,
    words: {
      task: 'referring',
      content: {
        question: bracketTags(question, names),
        answer: bracketTags(String(answer), names),
      },
    },
    segments: tags.map((tag, index) => ({
      tag: names.get(tag)!,
      annotation: image.add(place, masks[index]!, annotations[tag], []),
      role: question.includes(tag) ? 'prompt' : 'target',
    })),
    extra: otherOfItem(item),
  });
}

interface Region {
  /** Its tag in items. */
  readonly key: string;
  readonly place: string;
  readonly rle: Rle;
  readonly texts: RowText[];
}

/** The content of the files about one image. */
class GatheredImage {
  readonly items: ItemRow[] = [];
  readonly name: string;
  readonly #place: string;
  readonly #regions = new Map<string, Region>();

  constructor(name: string, place: string) {
    this.name = name;
    this.#place = place;
  }

  /** @throws AppError where a mask has not the size of those before it */
  requireSize(rle: Rle): void {
    const [first] = this.#regions.values();
    if (first && String(first.rle.size) !== String(rle.size)) {
      const [height, width] = rle.size;
      const expected = { width: first.rle.size[1], height: first.rle.size[0] };
      throw regionProblem('regionMaskSize', { mask: { width, height }, expected });
    }
  }

  /**
   * Regions with the same pixels are one, unless we wrote which annotation each is.
   * @returns what items call it
   * @throws AppError as {@link requireSize}
   */
  add(place: string, rle: Rle, annotation: unknown, texts: readonly RowText[]): string {
    this.requireSize(rle);
    const same = JSON.stringify([annotation ?? null, rle.counts]);
    const known = this.#regions.get(same);
    const region = known ?? { key: String(this.#regions.size), place, rle, texts: [] };
    region.texts.push(...texts);
    this.#regions.set(same, region);
    return region.key;
  }

  *rows(): Generator<DatasetRow> {
    const [first] = this.#regions.values();
    const size = first ? { width: first.rle.size[1], height: first.rle.size[0] } : null;
    const named = new Set(
      this.items.flatMap(({ segments }) => segments.map((each) => each.annotation)),
    );
    const [image, place] = [this.name, this.#place];
    yield { kind: 'image', place, key: image, fileName: image, size };
    for (const { key, place: where, rle, texts } of this.#regions.values()) {
      const region = { kind: 'annotation', place: where, image, category: null, texts } as const;
      const shape = { kind: 'mask', rle } as const;
      yield { ...region, shape, ...(named.has(key) && { key }) };
    }
    yield* this.items;
  }
}
