import { decodeRle } from '../../geometry/rle.ts';
import type { Ring } from '../../geometry/shapes.ts';
import type { AttributeValue } from '../../records.ts';
import { categoryNames, type CategoryNames } from '../category-names.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { isObject, listOf, otherKeys } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { annotationNote, imageNote, pixelsOf, soleRing } from '../written-notes.ts';
import { labelConfig, type Fields } from './label-config.ts';
import type { LabelStudioWriteOptions } from './options.ts';
import { fieldOf, tagField } from './result-names.ts';
import { encodeRlePack } from './rle-pack.ts';
import { labelStudioProblem } from './sentences.ts';

type Note = (note: WrittenNote) => void;

const resultKeys = [
  ...['id', 'type', 'value', 'from_name', 'to_name', 'original_width', 'original_height'],
  ...['image_rotation', 'meta', 'label_studio_id', 'label_studio_labels', 'label_studio_results'],
];

/** Writes `tasks.json` and the labelling setup that it needs, `label_config.xml`. */
export async function writeLabelStudio(
  source: DatasetSource,
  options: LabelStudioWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  const names = categoryNames(source, false, note);
  const fields: Fields = new Map();
  const tasks = tasksOf(source, names, fields, options, note);
  await output.stream('tasks.json', jsonListPieces('[', tasks, '\n]\n'));
  await output.write('label_config.xml', labelConfig(source.categories, names, fields));
  if (!options.photos) return;
  for (const { fileName, image } of source.images()) await output.photo(fileName, image.id);
}

function* tasksOf(
  source: DatasetSource,
  names: CategoryNames,
  fields: Fields,
  { as, address }: LabelStudioWriteOptions,
  note: Note,
): Generator<object, void> {
  for (const image of source.images()) {
    const { exportId, fileName } = image;
    const { state, split, extra } = image.image;
    const data = extra['label_studio_data'];
    const result = [...regionResults(image, names, fields, note), ...imageResults(image, note)];
    const isSaid = result.length > 0 || state === 'reviewed-empty' || state === 'done';
    const isTruth = state === 'done';
    const annotation = { id: exportId, was_cancelled: false, ground_truth: isTruth, result };
    const prediction = { id: exportId, model_version: 'pixelsail', result };
    yield {
      id: exportId,
      data: {
        ...(isObject(data) && data),
        image: address + encodeURIComponent(fileName).replaceAll('%2F', '/'),
        ...(split && { split: splitFolders[split] }),
      },
      annotations: isSaid && as === 'annotations' ? [annotation] : [],
      predictions: isSaid && as === 'predictions' ? [prediction] : [],
    };
  }
}

/** Words about the photo, and what was kept of its import. */
function imageResults(image: SourceImage, note: Note): object[] {
  const { texts } = image;
  const { extra } = image.image;
  const of = (kind: 'description' | 'referring'): string[] =>
    texts.flatMap((text) => (text.kind === kind ? [text.text] : []));
  const [descriptions, referring] = [of('description'), of('referring')];
  const count = texts.length - descriptions.length - referring.length;
  if (count > 0)
    note(imageNote(image, false, labelStudioProblem('labelStudioQuestions', { count })));
  const results = [
    ...(descriptions.length > 0 ? [textResult('caption', descriptions)] : []),
    ...(referring.length > 0 ? [textResult('referring', referring)] : []),
  ];
  const withIds = results.map((result, index) => ({
    id: `i${image.exportId}-${index}`,
    ...result,
  }));
  return [...withIds, ...listOf(extra['label_studio_results']).filter(isObject)];
}

/** Choices of a field of another tool have no attributes, for which theirs would be taken. */
function fieldOfTag({ extra, attributes }: SourceAnnotation['annotation']): string {
  const kept = extra['label_studio_field'];
  return typeof kept === 'string' && Object.keys(attributes).length === 0 ? kept : tagField;
}

function textResult(field: string, texts: readonly string[]): object {
  return { type: 'textarea', from_name: field, to_name: 'image', value: { text: texts } };
}

function* regionResults(
  image: SourceImage,
  names: CategoryNames,
  fields: Fields,
  note: Note,
): Generator<object, void> {
  const taken = new Set<string>();
  for (const written of image.annotations()) {
    const { annotation, category, exportId } = written;
    const shape = labelStudioShape(written, image);
    if (shape === null) {
      const isTag = annotation.geometry.kind === 'tag';
      const name = isTag ? 'writtenWithoutCategory' : 'writtenEmpty';
      note(annotationNote(image, written, true, regionProblem(name, {})));
      continue;
    }
    if (shape.kind !== annotation.geometry.kind) {
      note(annotationNote(image, written, false, regionProblem('writtenAsMask', {})));
    }
    const kept = annotation.extra['label_studio_id'];
    // A copy of a region has the id of its original, too.
    const id = typeof kept === 'string' && !taken.has(kept) ? kept : `r${exportId}`;
    taken.add(id);
    const { width, height } = image.image;
    const place = {
      id,
      to_name: 'image',
      original_width: width,
      original_height: height,
      image_rotation: 0,
    };
    const label = category && names.get(category.exportId)!;
    if (shape.kind === 'tag' || shape.kind === 'polyline') {
      const value = { choices: [label] };
      yield { ...place, from_name: fieldOfTag(annotation), type: 'choices', value };
    } else {
      const [kind, value] = placed(shape, width, height);
      const further = listOf(annotation.extra['label_studio_labels']);
      const type = label === null ? kind : `${kind}labels`;
      yield {
        ...place,
        from_name: fieldOfKind[kind],
        type,
        origin: 'manual',
        value: { ...value, ...(label !== null && { [type]: [label, ...further] }) },
        ...otherKeys(annotation.extra, resultKeys),
      };
    }
    for (const [field, result] of saidOf(image, written, fields, note)) {
      yield { ...place, from_name: field, ...result };
    }
    for (const held of listOf(annotation.extra['label_studio_results']).filter(isObject)) {
      yield { ...held, id };
    }
  }
}

const fieldOfKind = { rectangle: 'label', polygon: 'polygon', brush: 'brush' } as const;
type Kind = keyof typeof fieldOfKind;

/** Attributes of a region, each in its own field, and its texts. */
function* saidOf(
  image: SourceImage,
  written: SourceAnnotation,
  fields: Fields,
  note: Note,
): Generator<[field: string, result: { type: string; value: object }], void> {
  const { texts } = written;
  const { attributes, crowd } = written.annotation;
  const all: [string, AttributeValue][] = Object.entries(attributes);
  if (crowd && !Object.hasOwn(attributes, 'crowd')) all.push(['crowd', true]);
  for (const [name, value] of all) {
    const field = fieldOf(name);
    const result = attributeResult(value);
    fields.set(field, (fields.get(field) ?? new Set()).add(result.type));
    yield [field, result];
  }
  let questions = 0;
  const words = new Map<string, string[]>();
  for (const text of texts) {
    if (text.kind === 'question') questions++;
    else words.set(text.kind, [...(words.get(text.kind) ?? []), text.text]);
  }
  for (const [field, value] of words) yield [field, { type: 'textarea', value: { text: value } }];
  if (questions === 0) return;
  const problem = labelStudioProblem('labelStudioQuestions', { count: questions });
  note(annotationNote(image, written, false, problem));
}

function attributeResult(value: AttributeValue): {
  type: 'number' | 'choices' | 'textarea';
  value: object;
} {
  switch (typeof value) {
    case 'number':
      return { type: 'number', value: { number: value } };
    case 'boolean':
      return { type: 'choices', value: { choices: [String(value)] } };
    default:
      return { type: 'textarea', value: { text: [value] } };
  }
}

/** Label Studio holds boxes, masks, outlines of one part without holes, and choices of an image. */
export function labelStudioShape(
  { annotation, category }: SourceAnnotation,
  { image }: SourceImage,
): RowShape | null {
  const { geometry } = annotation;
  if (geometry.kind === 'tag') return category && geometry;
  if (geometry.kind === 'box') return geometry;
  if (geometry.kind === 'polygon' && soleRing(geometry)) return geometry;
  const rle = pixelsOf(annotation, image);
  return rle && { kind: 'mask', rle };
}

type RegionShape = Exclude<RowShape, { kind: 'polyline' | 'tag' }>;

/** A region in percents of the photo's sides. */
function placed(shape: RegionShape, width: number, height: number): [Kind, object] {
  const [across, down] = [100 / width, 100 / height];
  switch (shape.kind) {
    case 'box': {
      const [x, y, boxWidth, boxHeight] = shape.box;
      const box = {
        x: x * across,
        y: y * down,
        width: boxWidth * across,
        height: boxHeight * down,
      };
      return ['rectangle', { ...box, rotation: 0 }];
    }
    case 'polygon':
      return ['polygon', { points: percents(shape.parts[0]!.outer, across, down), closed: true }];
    case 'mask':
      return ['brush', { format: 'rle', rle: encodeRlePack(decodeRle(shape.rle)) }];
  }
}

function percents(ring: Ring, across: number, down: number): [number, number][] {
  return Array.from({ length: ring.length / 2 }, (_, index) => [
    ring[2 * index]! * across,
    ring[2 * index + 1]! * down,
  ]);
}
