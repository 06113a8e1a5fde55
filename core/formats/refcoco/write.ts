import { writeSegmentation, type WrittenSegmentation } from '../coco/profiles.ts';
import { cocoCategory, cocoImage, cocoStart } from '../coco-written.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { mapped } from '../mapped.ts';
import { isObject, otherKeys } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { annotationNote, imageNote, writtenTexts } from '../written-notes.ts';
import type { RefcocoWriteOptions } from './options.ts';
import { pickleOf, picklePieces } from './pickle-write.ts';
import type { Item } from '../../records.ts';
import { datasetProblem } from '../sentences.ts';
import { ofItems, refRows, saysMoreThanTargets } from './ref-rows.ts';
import { refcocoProblem } from './sentences.ts';

type Note = (note: WrittenNote) => void;

const annotationKeys = [
  ...['id', 'image_id', 'category_id', 'segmentation', 'area', 'bbox', 'iscrowd', 'ignore'],
  ...['attributes', 'texts', 'box_only'],
];

/** Writes instances.json, and the refs beside it as a pickle and as JSON. */
export async function writeRefcoco(
  source: DatasetSource,
  options: RefcocoWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  await output.stream('instances.json', instancePieces(source, options, note));
  const isTarget = (each: SourceAnnotation, image: SourceImage): boolean =>
    refcocoShape(each, image) !== null;
  const rows = () => refRows(source, options.targets, isTarget);
  const name = `${options.targets === 'many' ? 'grefs' : 'refs'}(${options.splitBy})`;
  if (options.file !== 'json') {
    await output.stream(`${name}.p`, picklePieces(mapped(rows(), pickleOf)));
  }
  if (options.file !== 'pickle') {
    await output.stream(`${name}.json`, jsonListPieces('[', rows(), ']\n'));
  }
  if (!options.photos) return;
  for (const { fileName, image } of source.images()) {
    await output.photo(`images/${fileName}`, image.id);
  }
}

function* instancePieces(
  source: DatasetSource,
  options: RefcocoWriteOptions,
  note: Note,
): Generator<string, void> {
  yield cocoStart(source);
  yield* jsonListPieces('"categories":[', source.categories.map(cocoCategory), '],\n');
  yield* jsonListPieces('"images":[', imageRows(source, options, note), '],\n');
  yield* jsonListPieces('"annotations":[', annotationRows(source, note), ']}\n');
}

function* imageRows(
  source: DatasetSource,
  { targets }: RefcocoWriteOptions,
  note: Note,
): Generator<object, void> {
  for (const image of source.images()) {
    const { texts } = image;
    const { split } = image.image;
    const isHeld = targets === 'many' ? ['referring'] : [];
    const count = texts.filter(({ kind }) => !isHeld.includes(kind)).length;
    const items = itemsHeld(image, targets);
    const left = image.items.length - items.length;
    const bare = items.filter(saysMoreThanTargets).length;
    if (bare > 0) note(imageNote(image, false, refcocoProblem('refcocoAnswers', { count: bare })));
    if (left > 0) note(imageNote(image, false, datasetProblem('exportItemsLeft', { count: left })));
    if (count > 0) note(imageNote(image, false, refcocoProblem('refcocoImageTexts', { count })));
    if (split === null) note(imageNote(image, false, refcocoProblem('refcocoUnsplit', {})));
    const row = otherKeys(cocoImage(image) as Record<string, unknown>, [
      'has_split',
      'refer_split',
    ]);
    yield { ...row, ...(split === null && { has_split: false }) };
  }
}

function itemsHeld(image: SourceImage, targets: RefcocoWriteOptions['targets']): Item[] {
  if (image.items.length === 0) return [];
  const written = image.annotations().filter((each) => segmentationOf(each, image) !== null);
  return ofItems(image, written, targets).map(({ item }) => item);
}

function* annotationRows(source: DatasetSource, note: Note): Generator<object, void> {
  for (const image of source.images()) {
    for (const written of image.annotations()) {
      const segmentation = segmentationOf(written, image);
      if (segmentation !== null) {
        yield annotationRow(written, image, segmentation, note);
        continue;
      }
      const name = written.category === null ? 'writtenWithoutCategory' : 'writtenEmpty';
      note(annotationNote(image, written, true, regionProblem(name, {})));
    }
  }
}

function annotationRow(
  written: SourceAnnotation,
  image: SourceImage,
  { segmentation, decoded, iou }: WrittenSegmentation,
  note: Note,
): object {
  const { annotation, category, exportId } = written;
  const { geometry, extra } = annotation;
  const isBox = geometry.kind === 'box';
  if (iou < 1) note(annotationNote(image, written, false, refcocoProblem('refcocoRounded', {})));
  const isEmpty = (text: { kind: string; text?: string }): boolean =>
    text.kind === 'referring' && text.text === '';
  if (written.texts.some(isEmpty)) {
    note(annotationNote(image, written, false, refcocoProblem('refcocoEmptyText', {})));
  }
  const texts = written.texts.filter(({ kind }) => kind !== 'referring');
  const kept = isObject(extra['attributes']) ? extra['attributes'] : {};
  const attributes = { ...kept, ...annotation.attributes };
  return {
    ...otherKeys(extra, annotationKeys),
    id: exportId,
    image_id: image.exportId,
    category_id: category!.exportId,
    segmentation,
    area: isBox ? geometry.box[2] * geometry.box[3] : decoded.area,
    bbox: isBox ? geometry.box : decoded.bbox,
    iscrowd: annotation.crowd ? 1 : 0,
    ...(isBox && { box_only: true }),
    ...(texts.length > 0 && { texts: writtenTexts(texts) }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/**
 * Outlines, for that is all that the readers of RefCOCO take; null where nothing can be written.
 */
function segmentationOf(
  { annotation, category }: SourceAnnotation,
  { image }: SourceImage,
): WrittenSegmentation | null {
  if (category === null) return null;
  const { geometry } = annotation;
  const options = { profile: 'training', holes: 'keyhole', tolerance: 0 } as const;
  if (geometry.kind !== 'box' && annotation.area === 0) return null;
  const written = writeSegmentation(geometry, image.width, image.height, options);
  if (geometry.kind !== 'box') return written.decoded.area > 0 ? written : null;
  const [x, y, width, height] = geometry.box;
  const [right, bottom] = [x + width, y + height];
  return { ...written, iou: 1, segmentation: [[x, y, right, y, right, bottom, x, bottom]] };
}

/** A box, or what a reader decodes from the outlines; null where nothing is written. */
export function refcocoShape(written: SourceAnnotation, image: SourceImage): RowShape | null {
  const segmentation = segmentationOf(written, image);
  if (segmentation === null) return null;
  const { geometry } = written.annotation;
  return geometry.kind === 'box' ? geometry : { kind: 'mask', rle: segmentation.decoded.rle };
}
