import { AppError } from '../../errors.ts';
import type { AttributeValue } from '../../records.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow, RowText } from '../dataset-row.ts';
import { readJsonList } from '../json-list.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, otherKeys, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { splitNamed } from '../split-folders.ts';
import type { LabelStudioReadOptions } from './options.ts';
import { photoOf } from './photo-address.ts';
import { attributeOf, tagField, textKindOf } from './result-names.ts';
import { labelStudioProblem } from './sentences.ts';
import { readShape, regionKind, type Size } from './shapes.ts';
import { rowNote } from '../row-notes.ts';
import { wholeSize } from '../scale.ts';

/** Keys of a result that are read; all others are kept. */
const resultKeys = [
  ...['id', 'type', 'value', 'from_name', 'to_name', 'original_width', 'original_height'],
  ...['image_rotation', 'meta'],
];

/** Reads the JSON exports of a folder, or the one that was given, a task at a time. */
export async function* readLabelStudio(
  files: DatasetFiles,
  options: LabelStudioReadOptions,
): AsyncGenerator<DatasetRow> {
  for (const path of await taskFiles(files)) {
    for await (const row of readJsonList(files.chunks(path))) {
      if (row.index === null) {
        const isEmpty = 'value' in row && Array.isArray(row.value);
        if (isEmpty) continue;
        const found = 'value' in row ? describe(row.value) : row.problem;
        throw labelStudioProblem('labelStudioNotTasks', { file: path, found }, 'dataset-invalid');
      }
      const place = `${path} task ${row.index}`;
      try {
        if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
        if (!isObject(row.value)) {
          const found = describe(row.value);
          throw regionProblem('regionRowWrong', { key: 'value', expected: 'a task', found });
        }
        yield* new TaskReader(place, row.value, options).rows();
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        yield rowNote(place, true, thrown);
      }
    }
  }
}

/** The JSON files of a folder, or the one that was given. */
export async function taskFiles(files: DatasetFiles): Promise<string[]> {
  if (files.given !== null) return [files.given];
  return (await files.list()).filter((path) => /\.json$/i.test(path));
}

/** One task: its photo and the results of the annotations that are read. */
class TaskReader {
  readonly #place: string;
  readonly #task: JsonObject;
  readonly #options: LabelStudioReadOptions;
  readonly #annotations: AnnotationRow[] = [];
  readonly #notes: NoteRow[] = [];
  readonly #kept: JsonObject[] = [];
  readonly #texts: RowText[] = [];
  #size: Size | null = null;

  constructor(place: string, task: JsonObject, options: LabelStudioReadOptions) {
    this.#place = place;
    this.#task = task;
    this.#options = options;
  }

  /** @throws AppError `invalid-input` when the task names no photo. */
  *rows(): Generator<DatasetRow> {
    const { data } = this.#task;
    const fileName = photoOf(data);
    if (fileName === null) throw labelStudioProblem('labelStudioNoPhoto', {});
    const chosen = this.#chosen();
    const lists = chosen.map(({ result }) => listOf(result));
    for (const results of lists) this.#takeSize(results);
    for (const results of lists) this.#takeResults(results);
    yield this.#imageRow(fileName, data as JsonObject, chosen);
    yield* this.#annotations;
    yield* this.#notes;
  }

  /** The annotations and predictions whose results are read. */
  #chosen(): JsonObject[] {
    const { from, several } = this.#options;
    const annotations = listOf(this.#task['annotations'] ?? this.#task['completions'])
      .filter(isObject)
      .filter((each) => each['was_cancelled'] !== true);
    const predictions = listOf(this.#task['predictions']).filter(isObject);
    const drafts = listOf(this.#task['drafts']).filter(isObject);
    if (drafts.length > 0) this.#warnLoss('drafts', drafts.length);
    if (from === 'annotations' && predictions.length > 0) {
      this.#warnLoss('predictions', predictions.length);
    }
    if (from === 'predictions' && annotations.length > 0) {
      this.#warnLoss('annotations', annotations.length);
    }
    const best = several === 'best' ? bestOf(annotations) : annotations;
    if (from !== 'predictions' && best.length < annotations.length) {
      const count = annotations.length - best.length;
      this.#notes.push(
        rowNote(this.#place, true, labelStudioProblem('labelStudioSeveral', { count })),
      );
    }
    const last = several === 'best' ? predictions.slice(-1) : predictions;
    return [...(from === 'predictions' ? [] : best), ...(from === 'annotations' ? [] : last)];
  }

  #warnLoss(kind: 'predictions' | 'drafts' | 'annotations', count: number): void {
    const problem = labelStudioProblem('labelStudioNotRead', { kind, count });
    this.#notes.push(rowNote(this.#place, true, problem));
  }

  /** The photo's size stands at each result. */
  #takeSize(results: readonly unknown[]): void {
    for (const result of results) {
      const size = isObject(result) ? sizeOf(result) : null;
      if (size) this.#size ??= size;
    }
  }

  #takeResults(results: readonly unknown[]): void {
    const groups = new Map<unknown, JsonObject[]>();
    results.forEach((result, index) => {
      if (!isObject(result)) {
        const parts = { key: `result[${index}]`, expected: 'an object', found: describe(result) };
        this.#notes.push(rowNote(this.#place, true, regionProblem('regionRowWrong', parts)));
        return;
      }
      // Results about a region share the id of the region.
      const key = result['id'] ?? result;
      const group = groups.get(key);
      if (group) group.push(result);
      else groups.set(key, [result]);
    });
    for (const [id, group] of groups) {
      if (shapesIn(group).size > 1) {
        const place = `${this.#place} result ${String(id)}`;
        const problem = labelStudioProblem('labelStudioIdShared', { id: describe(id) });
        for (let rest = group.length; rest > 0; rest--)
          this.#notes.push(rowNote(place, true, problem));
        continue;
      }
      const region = group.find(({ type }) => regionKind(type) !== null);
      const tag = group.find((each) => each['from_name'] === tagField && tagsOf(each).length === 1);
      if (region)
        this.#takeRegion(
          region,
          group.filter((each) => each !== region),
        );
      else if (tag)
        this.#takeTag(
          tag,
          group.filter((each) => each !== tag),
        );
      else for (const each of group) this.#takeOther(each);
    }
  }

  #takeRegion(region: JsonObject, others: readonly JsonObject[]): void {
    const place = `${this.#place} result ${String(region['id'])}`;
    const doubt = (problem: AppError): void =>
      void this.#notes.push(rowNote(place, false, problem));
    try {
      const kind = regionKind(region['type'])!;
      const value = isObject(region['value']) ? region['value'] : {};
      const own = sizeOf(region);
      const isOther = own && (own.width !== this.#size?.width || own.height !== this.#size.height);
      if (isOther && kind === 'brush') throw labelStudioProblem('labelStudioSizes', {});
      const degrees = Number(region['image_rotation'] ?? 0);
      if (degrees) doubt(labelStudioProblem('labelStudioRotated', { degrees }));
      const { shape, unit } = readShape(kind, value, own ?? this.#size, doubt);
      if (isOther && unit === 'pixel') throw labelStudioProblem('labelStudioSizes', {});
      const labels = [...labelsOf(region), ...others.flatMap(labelsOf)];
      const [category, ...further] = labels;
      if (category !== undefined && further.length > 0) {
        doubt(labelStudioProblem('labelStudioLabels', { taken: category, others: further }));
      }
      const said = saidOf(region, others);
      this.#annotations.push({
        kind: 'annotation',
        place,
        image: this.#place,
        category: category ?? null,
        shape,
        unit,
        attributes: said.attributes,
        texts: said.texts,
        crowd: said.crowd,
        extra: {
          ...otherKeys(region, resultKeys),
          ...(typeof region['id'] === 'string' && { label_studio_id: region['id'] }),
          ...(further.length > 0 && { label_studio_labels: further }),
          ...(said.kept.length > 0 && otherKeys({ label_studio_results: said.kept }, [])),
        },
      });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.#notes.push(rowNote(place, true, thrown));
    }
  }

  /** A result that is no region: words about the photo, or what is kept as it stands. */
  #takeOther(result: JsonObject): void {
    const texts = textsOf(result, 'description');
    if (texts) {
      this.#texts.push(...texts);
      return;
    }
    const tags = tagsOf(result);
    if (tags.length > 0) {
      const place = `${this.#place} result ${String(result['id'])}`;
      for (const category of tags) this.#annotations.push(this.#tagRow(place, result, category));
      return;
    }
    this.#kept.push(result);
    const type = String(result['type']);
    const isPoint = type.toLowerCase().startsWith('keypoint');
    const problem = isPoint
      ? regionProblem('regionWithoutArea', { type })
      : labelStudioProblem('labelStudioKept', { type });
    this.#notes.push(rowNote(`${this.#place} result ${String(result['id'])}`, false, problem));
  }

  #tagRow(place: string, result: JsonObject, category: string): AnnotationRow {
    const { id, from_name: field } = result;
    return {
      kind: 'annotation',
      place,
      image: this.#place,
      category,
      shape: { kind: 'tag' },
      extra: {
        ...(typeof id === 'string' && { label_studio_id: id }),
        ...(typeof field === 'string' && field !== tagField && { label_studio_field: field }),
      },
    };
  }

  /** A tag of our own, with what is said of it. */
  #takeTag(result: JsonObject, others: readonly JsonObject[]): void {
    const place = `${this.#place} result ${String(result['id'])}`;
    const { kept, ...said } = saidOf(result, others);
    const [category] = tagsOf(result);
    const row = this.#tagRow(place, result, category!);
    const held = kept.length > 0 ? otherKeys({ label_studio_results: kept }, []) : {};
    this.#annotations.push({ ...row, ...said, extra: { ...row.extra, ...held } });
  }

  #imageRow(fileName: string, data: JsonObject, chosen: readonly JsonObject[]): ImageRow {
    const isEmpty =
      this.#annotations.length + this.#kept.length + this.#texts.length === 0 &&
      chosen.some(({ result }) => Array.isArray(result) && result.length === 0);
    const isTruth = chosen.some((each) => each['ground_truth'] === true);
    const split = typeof data['split'] === 'string' ? splitNamed(data['split']) : null;
    const others = Object.entries(data).filter(
      ([key, value]) => key !== 'split' && photoOf({ [key]: value }) === null,
    );
    return {
      kind: 'image',
      place: this.#place,
      key: this.#place,
      fileName,
      size: this.#size,
      split,
      ...((isEmpty || isTruth) && { state: isEmpty ? 'reviewed-empty' : 'done' }),
      texts: this.#texts,
      extra: {
        ...(others.length > 0 && otherKeys({ label_studio_data: Object.fromEntries(others) }, [])),
        ...(this.#kept.length > 0 && otherKeys({ label_studio_results: this.#kept }, [])),
      },
    };
  }
}

/** The different places of the regions in a group; results about one region have the same. */
function shapesIn(group: readonly JsonObject[]): Set<string> {
  const regions = group.filter(({ type }) => regionKind(type) !== null);
  return new Set(
    regions.map(({ type, value }) => {
      const entries = Object.entries(isObject(value) ? value : {});
      const place = entries.filter(([key]) => !/(labels|text)$/i.test(key));
      return JSON.stringify([regionKind(type), place.sort(([a], [b]) => (a < b ? -1 : 1))]);
    }),
  );
}

/** The ground truth, or else the annotation that was changed last. */
function bestOf(annotations: readonly JsonObject[]): JsonObject[] {
  const truth = annotations.filter((each) => each['ground_truth'] === true);
  const candidates = truth.length > 0 ? truth : annotations;
  const timeOf = (each: JsonObject): string =>
    String(each['updated_at'] ?? each['created_at'] ?? '');
  const newest = candidates.reduce<JsonObject | null>(
    (best, each) => (best === null || timeOf(each) >= timeOf(best) ? each : best),
    null,
  );
  return newest === null ? [] : [newest];
}

function sizeOf({ original_width: width, original_height: height }: JsonObject): Size | null {
  return wholeSize(width, height);
}

/** Choices about the whole image; each becomes a tag. */
function tagsOf({ type, value }: JsonObject): string[] {
  if (type !== 'choices' || !isObject(value)) return [];
  const { choices } = value;
  const all = typeof choices === 'string' ? [choices] : listOf(choices);
  return all.every((choice) => typeof choice === 'string' && choice !== '')
    ? (all as string[])
    : [];
}

/** The labels of a result stand under the name of its type. */
function labelsOf({ type, value }: JsonObject): string[] {
  if (!isObject(value) || !String(type).toLowerCase().endsWith('labels')) return [];
  return listOf(value[String(type)]).filter((label) => typeof label === 'string');
}

interface Said {
  readonly attributes: Record<string, AttributeValue>;
  readonly texts: RowText[];
  readonly crowd: boolean;
  readonly kept: JsonObject[];
}

/** Other results with the id of a region, and the note of a person on it. */
function saidOf(region: JsonObject, others: readonly JsonObject[]): Said {
  const attributes: Record<string, AttributeValue> = {};
  const texts: RowText[] = [];
  const kept: JsonObject[] = [];
  for (const result of others) {
    if (labelsOf(result).length > 0) continue;
    const words = textsOf(result, null);
    const attribute = attributeOf(result);
    if (words) texts.push(...words);
    else if (attribute) attributes[attribute.name] = attribute.value;
    else kept.push(result);
  }
  const notes = isObject(region['meta']) ? listOf(region['meta']['text']) : [];
  for (const text of notes) {
    if (typeof text === 'string') texts.push({ kind: 'description', text });
  }
  const { crowd, ...simple } = attributes;
  const isCrowd = typeof crowd === 'boolean';
  return { attributes: isCrowd ? simple : attributes, texts, crowd: crowd === true, kept };
}

/** The texts of a result, if those of its name are words about a region or a photo. */
function textsOf(result: JsonObject, otherwise: 'description' | null): RowText[] | null {
  const { type, value, from_name: name } = result;
  if (type !== 'textarea' || !isObject(value)) return null;
  const kind = textKindOf(String(name)) ?? otherwise;
  const texts = typeof value['text'] === 'string' ? [value['text']] : listOf(value['text']);
  if (kind === null || !texts.every((text) => typeof text === 'string')) return null;
  return texts.map((text) => ({ kind, text }));
}
