import { AppError } from '../../errors.ts';
import { categoryOfRow, imageOfId, readCocoHead, type CocoHead } from '../coco-head.ts';
import { readCocoRegion } from '../coco-region.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow, RowText } from '../dataset-row.ts';
import { readJsonRows, type JsonRow } from '../json-stream.ts';
import { describe } from '../describe.ts';
import { isObject, otherKeys, splitAttributes } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { readTexts } from '../read-texts.ts';
import { splitNamed } from '../split-folders.ts';
import type { RefcocoReadOptions } from './options.ts';
import { readRefs, refsFiles, type Ref, type RefsFile } from './refs.ts';
import { refcocoProblem } from './sentences.ts';

/**
 * Keys of an annotation that are read; all others are kept. `texts`, `attributes` and `box_only`
 * are ours.
 */
const annotationKeys = [
  ...['id', 'image_id', 'category_id', 'segmentation', 'area', 'bbox', 'iscrowd'],
  ...['attributes', 'texts', 'box_only'],
];

/**
 * Reads the refs, which are gathered, and then the annotations that they are about, as they stand
 * in instances.json.
 */
export async function* readRefcoco(
  files: DatasetFiles,
  options: RefcocoReadOptions,
): AsyncGenerator<DatasetRow> {
  const { file, others } = await chosenFile(files, options.splitBy);
  const { path, instances } = file;
  if (others.length > 0)
    yield doubt(path, refcocoProblem('refcocoOtherSplits', { file: path, others }));
  const head = await readCocoHead(files, instances);
  const said = new Expressions();
  for await (const ref of readRefs(files, path, options.wording)) {
    if ('problem' in ref) {
      yield loss(ref.place, ref.problem);
      continue;
    }
    const image = imageOfId(ref.image, head);
    if (image) said.take({ ...ref, image: image.key });
    else yield loss(ref.place, regionProblem('regionImageMissing', { found: ref.image }));
  }
  yield* head.notes;
  yield* head.categories.values();
  for (const image of head.images.values()) yield* imageRows(image, said.ofImage(image.key));
  await said.findShared(files, instances);
  let unreferred = 0;
  for await (const row of annotationsOf(files, instances)) {
    const place = `${instances} annotations[${row.index}]`;
    const doubts: NoteRow[] = [];
    try {
      if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
      const value = isObject(row.value) ? row.value : {};
      const id = String(value['id']);
      if (options.annotations === 'referred' && !said.isTarget(id)) {
        unreferred++;
        continue;
      }
      const image = imageOfId(value['image_id'], head);
      if (image === undefined) {
        throw regionProblem('regionImageMissing', { found: describe(value['image_id']) });
      }
      const texts = said.takeFor(id, image.key);
      const note = (problem: AppError): void => void doubts.push(doubt(place, problem));
      yield annotationRow(place, image, value, texts, head, note);
      yield* doubts;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield loss(place, thrown);
    }
  }
  yield* said.left();
  if (unreferred > 0) {
    yield loss(instances, refcocoProblem('refcocoUnreferred', { count: unreferred }));
  }
}

/**
 * The refs file that is asked for.
 * @throws AppError `dataset-invalid` where there is none that can be read.
 */
async function chosenFile(
  files: DatasetFiles,
  asked: string,
): Promise<{ readonly file: RefsFile; readonly others: readonly string[] }> {
  const all = await refsFiles(files);
  if (all.length === 0)
    throw refcocoProblem('refcocoNone', { name: files.name }, 'dataset-invalid');
  const usuals = usual.flatMap((name) => all.filter(({ splitBy }) => splitBy === name));
  const file = asked === '' ? [...usuals, ...all][0] : all.find(({ splitBy }) => splitBy === asked);
  if (file === undefined) {
    const found = all.map(({ splitBy }) => splitBy);
    throw refcocoProblem('refcocoSplitByMissing', { asked, found }, 'dataset-invalid');
  }
  if (!(await files.list()).includes(file.instances)) {
    throw refcocoProblem('refcocoWithoutInstances', { file: file.path }, 'dataset-invalid');
  }
  const others = asked === '' ? all.filter((each) => each !== file).map(({ path }) => path) : [];
  return { file, others };
}

/** The splits of the published datasets; of several in one folder the first is read. */
const usual = ['unc', 'umd', 'google'];

async function* annotationsOf(files: DatasetFiles, path: string): AsyncGenerator<JsonRow> {
  const isAnnotations = (section: string): boolean => section === 'annotations';
  const rows = readJsonRows(files.chunks(path), { wanted: isAnnotations, numbers: 'python' });
  for await (const row of rows) if (row.index !== null) yield row;
}

interface ImageWords {
  /** Expressions that nothing in the image is meant by. */
  readonly texts: readonly RowText[];
  readonly splits: readonly string[];
}

/**
 * The image with its split, which the refs say; what we wrote of images without one goes before.
 */
function* imageRows(image: ImageRow, { texts, splits }: ImageWords): Generator<ImageRow | NoteRow> {
  const { has_split: hasSplit, ...extra } = image.extra ?? {};
  const named = [...new Set(splits.map(splitNamed))];
  const [word] = splits;
  const isOwnWord = splits.length === 1 && !['train', 'val', 'test'].includes(word!);
  yield {
    ...image,
    split: hasSplit === false ? null : (image.split ?? (named.length === 1 ? named[0]! : null)),
    texts,
    extra: { ...extra, ...(isOwnWord && { refer_split: word! }) },
  };
  if (named.length > 1) yield doubt(image.place, refcocoProblem('refcocoSplitsDiffer', { splits }));
}

interface Expression {
  readonly place: string;
  readonly image: string;
  readonly texts: RowText[];
}

/** The content of the refs, kept until their annotations are read. */
class Expressions {
  readonly #byTarget = new Map<string, Expression[]>();
  readonly #ofImages = new Map<
    string,
    { readonly texts: RowText[]; readonly splits: Set<string> }
  >();
  readonly #shared = new Set<string>();
  readonly #notes: NoteRow[] = [];
  readonly #found = new Set<string>();

  take({ place, image, targets, split, sentences }: Ref): void {
    const texts = sentences.map((text): RowText => ({ kind: 'referring', text }));
    const ofImage = this.#ofImages.get(image) ?? { texts: [], splits: new Set() };
    this.#ofImages.set(image, ofImage);
    if (split !== null) ofImage.splits.add(split);
    if (targets.length === 0) ofImage.texts.push(...texts);
    for (const target of new Set(targets)) {
      const expression = { place, image, texts };
      const others = this.#byTarget.get(target);
      if (others) others.push(expression);
      else this.#byTarget.set(target, [expression]);
    }
  }

  ofImage(id: string): ImageWords {
    const { texts = [], splits = [] } = this.#ofImages.get(id) ?? {};
    return { texts, splits: [...splits] };
  }

  isTarget(id: string): boolean {
    return this.#byTarget.has(id);
  }

  /** Finds the targets that several annotations claim to be. */
  async findShared(files: DatasetFiles, path: string): Promise<void> {
    const seen = new Set<string>();
    for await (const row of annotationsOf(files, path)) {
      const id = 'value' in row && isObject(row.value) ? String(row.value['id']) : '';
      if (!this.#byTarget.has(id)) continue;
      if (seen.has(id)) this.#shared.add(id);
      seen.add(id);
    }
  }

  /** Texts of an annotation; none if its id is ambiguous. */
  takeFor(id: string, image: string): RowText[] {
    this.#found.add(id);
    if (this.#shared.has(id)) return [];
    const all = this.#byTarget.get(id) ?? [];
    for (const { place } of all.filter((each) => each.image !== image)) {
      this.#notes.push(loss(place, refcocoProblem('refcocoTargetElsewhere', { found: id })));
    }
    return all.filter((each) => each.image === image).flatMap(({ texts }) => texts);
  }

  /** Texts that belong to no annotation. */
  *left(): Generator<NoteRow> {
    yield* this.#notes;
    for (const [found, expressions] of this.#byTarget) {
      if (this.#found.has(found) && !this.#shared.has(found)) continue;
      const name = this.#shared.has(found) ? 'refcocoTargetShared' : 'refcocoTargetMissing';
      for (const { place } of expressions) yield loss(place, refcocoProblem(name, { found }));
    }
  }
}

function annotationRow(
  place: string,
  image: ImageRow,
  row: JsonObject,
  referring: readonly RowText[],
  head: CocoHead,
  note: (problem: AppError) => void,
): AnnotationRow {
  const isBox = row['box_only'] === true;
  const shape = readCocoRegion(isBox ? { bbox: row['bbox'] } : row, image.size, note);
  if (shape === null) throw refcocoProblem('refcocoWithoutRegion', {});
  const { iscrowd, texts } = row;
  const category = categoryOfRow(row, head, note);
  const { attributes, others } = splitAttributes(row['attributes']);
  return {
    kind: 'annotation',
    place,
    image: image.key,
    category: category?.name ?? null,
    categoryParent: category?.parent ?? null,
    shape,
    crowd: iscrowd === 1 || iscrowd === true,
    attributes,
    texts: [...referring, ...readTexts(texts).texts],
    extra: {
      ...otherKeys(row, annotationKeys),
      ...(Object.keys(others).length > 0 && { attributes: others }),
    },
  };
}
