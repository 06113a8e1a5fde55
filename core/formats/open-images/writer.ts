import type { AppError } from '../../errors.ts';
import { geometryRle } from '../../geometry/region.ts';
import { decodeRle } from '../../geometry/rle.ts';
import type { Box } from '../../geometry/shapes.ts';
import type { AttributeValue, Split } from '../../records.ts';
import { csvRow } from '../csv.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceCategory,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { fractionText } from '../fraction-text.ts';
import { greyPng } from '../label-image.ts';
import { annotationName, leftOutNote } from '../left-out.ts';
import { exportStems, lastPart } from '../photo-files.ts';
import { regionWithoutPixels } from '../region-without-pixels.ts';
import { datasetProblem } from '../sentences.ts';
import type { OpenWriteOptions } from './options.ts';
import { openProblem } from './sentences.ts';

const folders: Readonly<Record<Split, string>> = {
  train: 'train',
  validation: 'validation',
  test: 'test',
};

/** Writes the tables of Open Images V6 below `annotations`, and masks and photos beside them. */
export async function writeOpenImages(
  source: DatasetSource,
  options: OpenWriteOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  const stem = exportStems(source);
  const { categories } = source;
  await output.write(
    'annotations/oidv6-class-descriptions.csv',
    csvRow(['LabelName', 'DisplayName']) +
      categories.map((each) => csvRow([labelOf(each), each.category.name])).join(''),
  );
  if (categories.some(({ parentName }) => parentName !== null)) {
    await output.write('annotations/bbox_labels_600_hierarchy.json', hierarchyText(categories));
  }
  const splits = new Set<Split>();
  for (const { image } of source.images()) splits.add(splitOf(image.split));
  await output.stream('annotations/image_ids_and_rotation.csv', imageRows(source, stem, note));
  await output.stream('annotations/images.meta', sizeRows(source, stem));
  for (const split of splits) {
    const prefix = split === 'train' ? 'oidv6-train' : folders[split];
    await output.stream(
      `annotations/${prefix}-annotations-bbox.csv`,
      boxRows(source, split, stem, options, note),
    );
    if (!options.masks) continue;
    await output.stream(
      `annotations/${folders[split]}-annotations-object-segmentation.csv`,
      maskRows(source, split, stem),
    );
  }
  for (const image of source.images()) {
    const folder = folders[splitOf(image.image.split)];
    const id = stem(image.fileName);
    if (options.masks) await writeMasks(image, id, folder, output);
    if (options.photos) {
      const ending = /\.[^.]*$/.exec(lastPart(image.fileName))?.[0] ?? '';
      await output.photo(`images/${folder}/${id}${ending}`, image.image.id);
    }
  }
}

/** Open Images has no images without split. */
function splitOf(split: Split | null): Split {
  return split ?? 'train';
}

/** The label by which the tables call a category: the one it came with, else one of its own. */
function labelOf({ category, exportId }: SourceCategory): string {
  const label = category.extra['open_images_label'];
  return typeof label === 'string' && label !== '' ? label : `/m/${exportId}`;
}

function hierarchyText(categories: readonly SourceCategory[]): string {
  const childrenOf = (parentId: string | null): object[] =>
    categories
      .filter(({ category }) => category.parentId === parentId)
      .map((each) => {
        const children = childrenOf(each.category.id);
        const node = { LabelName: labelOf(each) };
        return children.length > 0 ? { ...node, Subcategory: children } : node;
      });
  return JSON.stringify({ LabelName: '/m/0bl9f', Subcategory: childrenOf(null) }, null, 1);
}

function* imageRows(
  source: DatasetSource,
  stem: (fileName: string) => string,
  note: (note: WrittenNote) => void,
): Generator<string, void> {
  yield csvRow([
    ...['ImageID', 'Subset', 'OriginalURL', 'OriginalLandingURL', 'License', 'AuthorProfileURL'],
    ...['Author', 'Title', 'OriginalSize', 'OriginalMD5', 'Thumbnail300KURL', 'Rotation'],
  ]);
  for (const image of source.images()) {
    const { fileName, image: record } = image;
    const noteImage = (problem: AppError): void =>
      note({ what: fileName, section: 'images', isLoss: false, problem });
    if (record.split === null) noteImage(openProblem('openWithoutSplit', {}));
    if (image.annotations().length === 0) noteImage(openProblem('openStateLeft', {}));
    yield csvRow([stem(fileName), splitOf(record.split), '', '', '', '', '', '', '', '', '', 0]);
  }
}

/** The file from which datumaro reads sizes. */
function* sizeRows(
  source: DatasetSource,
  stem: (fileName: string) => string,
): Generator<string, void> {
  for (const { image, fileName } of source.images()) {
    const id = stem(fileName);
    yield `${/[\s"]/.test(id) ? `"${id}"` : id} ${image.height} ${image.width}\n`;
  }
}

function* boxRows(
  source: DatasetSource,
  split: Split,
  stem: (fileName: string) => string,
  options: OpenWriteOptions,
  note: (note: WrittenNote) => void,
): Generator<string, void> {
  yield csvRow([
    ...['ImageID', 'Source', 'LabelName', 'Confidence', 'XMin', 'XMax', 'YMin', 'YMax'],
    ...['IsOccluded', 'IsTruncated', 'IsGroupOf', 'IsDepiction', 'IsInside'],
  ]);
  for (const image of source.images()) {
    if (splitOf(image.image.split) !== split) continue;
    for (const annotation of image.annotations()) {
      noteAnnotation(annotation, image, options, note);
      const box = boxOf(annotation, image);
      if (box === null || annotation.category === null) continue;
      const { attributes, crowd } = annotation.annotation;
      yield csvRow([
        ...[stem(image.fileName), 'xclick', labelOf(annotation.category), 1],
        ...edgeTexts(box, image),
        markText(attributes['occluded']),
        markText(attributes['truncated']),
        crowd ? 1 : 0,
        markText(attributes['depiction']),
        markText(attributes['inside']),
      ]);
    }
  }
}

const marks = ['occluded', 'truncated', 'depiction', 'inside'];

function markText(value: AttributeValue | undefined): number {
  return value === true ? 1 : value === false ? 0 : -1;
}

/** XMin, XMax, YMin, YMax. */
function edgeTexts([x, y, width, height]: Box, { image }: SourceImage): string[] {
  return [
    fractionText(x, image.width),
    fractionText(x + width, image.width),
    fractionText(y, image.height),
    fractionText(y + height, image.height),
  ];
}

function* maskRows(
  source: DatasetSource,
  split: Split,
  stem: (fileName: string) => string,
): Generator<string, void> {
  yield csvRow([
    ...['MaskPath', 'ImageID', 'LabelName', 'BoxID', 'BoxXMin', 'BoxXMax', 'BoxYMin', 'BoxYMax'],
    ...['PredictedIoU', 'Clicks'],
  ]);
  for (const image of source.images()) {
    if (splitOf(image.image.split) !== split) continue;
    const id = stem(image.fileName);
    for (const annotation of image.annotations()) {
      const box = boxOf(annotation, image);
      if (!hasMask(annotation) || box === null || annotation.category === null) continue;
      yield csvRow([
        ...[maskName(id, annotation), id, labelOf(annotation.category), boxId(annotation)],
        ...edgeTexts(box, image),
        ...['', ''],
      ]);
    }
  }
}

function hasMask({ annotation }: SourceAnnotation): boolean {
  return annotation.geometry.kind !== 'box';
}

/** Eight hexadecimal digits, as Open Images has them. */
function boxId({ exportId }: SourceAnnotation): string {
  return exportId.toString(16).padStart(8, '0');
}

function maskName(id: string, annotation: SourceAnnotation): string {
  const label = labelOf(annotation.category!).replaceAll(/[^\w]/g, '');
  return `${id.replaceAll('/', '_')}_${label}_${boxId(annotation)}.png`;
}

async function writeMasks(
  image: SourceImage,
  id: string,
  folder: string,
  output: DatasetOutput,
): Promise<void> {
  const { width, height } = image.image;
  for (const annotation of image.annotations()) {
    if (!hasMask(annotation) || annotation.category === null || boxOf(annotation, image) === null) {
      continue;
    }
    const { data } = decodeRle(geometryRle(annotation.annotation.geometry, width, height));
    // Grey, for datumaro takes each channel of a colour for pixels of the object.
    const png = greyPng(
      width,
      height,
      data.map((pixel) => 255 * pixel),
    );
    await output.write(`masks/${folder}/${maskName(id, annotation)}`, png);
  }
}

/** The box inside its image; null where the annotation covers no pixel. */
function boxOf({ annotation }: SourceAnnotation, { image }: SourceImage): Box | null {
  if (annotation.area === 0) return null;
  const [x, y, boxWidth, boxHeight] = annotation.bbox;
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [
    Math.min(image.width, x + boxWidth),
    Math.min(image.height, y + boxHeight),
  ];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

function noteAnnotation(
  source: SourceAnnotation,
  image: SourceImage,
  options: OpenWriteOptions,
  note: (note: WrittenNote) => void,
): void {
  const noteIt = (problem: AppError, isLoss = false): void => {
    const what = annotationName(image.fileName, source.exportId);
    note({ what, section: 'annotations', isLoss, problem });
  };
  const { annotation } = source;
  const box = boxOf(source, image);
  if (source.category === null) return noteIt(datasetProblem('exportWithoutCategory', {}), true);
  if (box === null) return noteIt(regionWithoutPixels(annotation.geometry), true);
  const { kind } = annotation.geometry;
  if (kind !== 'box' && !options.masks) noteIt(openProblem('openRegionBecomesBox', {}));
  if (kind === 'polygon' && options.masks) noteIt(openProblem('openOutlineBecomesMask', {}));
  if (kind === 'box' && box.some((value, index) => value !== annotation.bbox[index])) {
    noteIt(openProblem('openBoxCut', {}));
  }
  const names = Object.entries(annotation.attributes)
    .filter(([name, value]) => !(marks.includes(name) && typeof value === 'boolean'))
    .map(([name]) => name);
  if (names.length > 0) noteIt(openProblem('openAttributesLeft', { names }));
  const left = leftOutNote(source, image, ['attributes', 'crowd']);
  if (left) note(left);
}

/** The expected result of reading; see {@link DatasetWriter.expected}. */
export function expectedOpenImages(
  annotation: SourceAnnotation,
  image: SourceImage,
  { masks }: OpenWriteOptions,
): RowShape | null {
  const box = boxOf(annotation, image);
  if (box === null || annotation.category === null) return null;
  const { width, height } = image.image;
  return masks && hasMask(annotation)
    ? { kind: 'mask', rle: geometryRle(annotation.annotation.geometry, width, height) }
    : { kind: 'box', box };
}
