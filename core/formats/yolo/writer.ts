import type { AppError } from '../../errors.ts';
import type { Ring } from '../../geometry/shapes.ts';
import type { Split } from '../../records.ts';
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
import { annotationName, leftOutNote } from '../left-out.ts';
import { exportStems, lastPart } from '../photo-files.ts';
import { regionWithoutPixels } from '../region-without-pixels.ts';
import { datasetProblem } from '../sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { dataYamlText, unsplitFolder } from './data-yaml.ts';
import type { YoloWriteOptions } from './options.ts';
import { yoloProblem } from './sentences.ts';
import { boxCorners, boxInside, isTurnedBox, oneRing, smallestTurnedBox } from './region-shapes.ts';

/** Writes `data.yaml`, `labels/<split>/…`, and the photos beside them where they are wanted. */
export async function writeYolo(
  source: DatasetSource,
  options: YoloWriteOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  const names = classNames(source.categories, note);
  const stem = exportStems(source);
  const splits = new Set<Split>();
  for (const { image } of source.images()) if (image.split !== null) splits.add(image.split);
  await output.write('data.yaml', dataYamlText(source.projectName, names, splits));
  const numbers = new Map(source.categories.map(({ exportId }, index) => [exportId, index]));
  for (const image of source.images()) {
    const { fileName, image: record } = image;
    const folder = folderOf(record.split);
    const noteImage = (problem: AppError): void =>
      note({ what: fileName, section: 'images', isLoss: false, problem });
    const rows = labelRows(image, options, numbers, note);
    if (record.split === null && splits.size > 0) {
      noteImage(yoloProblem('yoloWithoutSplit', { folder: `labels/${folder}` }));
    }
    if (Math.min(record.width, record.height) < 10) {
      noteImage(yoloProblem('yoloTinyImage', record));
    }
    const name = `${folder}${stem(fileName)}`;
    await output.write(`labels/${name}.txt`, rows.map((row) => `${row}\n`).join(''));
    if (options.photos) {
      await output.photo(
        `images/${name}${lastPart(fileName).match(/\.[^.]*$/)?.[0] ?? ''}`,
        record.id,
      );
    }
  }
}

/** Where an image lies below `labels` and `images`. */
function folderOf(split: Split | null): string {
  return split === null ? `${unsplitFolder}/` : `${splitFolders[split]}/`;
}

/**
 * The file name that a reading gives of an image, but for its ending where there is no photo
 * beside the labels.
 */
export function expectedYoloName({ image, fileName }: SourceImage): string {
  return `images/${folderOf(image.split)}${fileName}`;
}

/** The names of the classes in the order of their numbers. */
function classNames(
  categories: readonly SourceCategory[],
  note: (note: WrittenNote) => void,
): string[] {
  const names = categories.map(({ category }) => category.name);
  const noteOf = (what: string, problem: AppError): void =>
    note({ what, section: 'annotations', isLoss: false, problem });
  const taken = new Set<string>();
  for (const name of names) {
    if (taken.has(name)) noteOf(name, yoloProblem('yoloClassShared', { name }));
    taken.add(name);
  }
  if (categories.some(({ parentName }) => parentName !== null)) {
    noteOf('data.yaml', yoloProblem('yoloTreeLeftOut', {}));
  }
  return names;
}

function labelRows(
  image: SourceImage,
  options: YoloWriteOptions,
  numbers: ReadonlyMap<number, number>,
  note: (note: WrittenNote) => void,
): string[] {
  return image.annotations().flatMap((annotation) => {
    const noteRow = (problem: AppError, isLoss = false): void => {
      const what = annotationName(image.fileName, annotation.exportId);
      note({ what, section: 'annotations', isLoss, problem });
    };
    const number = annotation.category && numbers.get(annotation.category.exportId);
    if (typeof number !== 'number') {
      noteRow(datasetProblem('exportWithoutCategory', {}), true);
      return [];
    }
    const written = writtenShape(annotation, image, options);
    if (written === null) {
      noteRow(regionWithoutPixels(annotation.annotation.geometry), true);
      return [];
    }
    for (const doubt of written.doubts) noteRow(doubt);
    const left = leftOutNote(annotation, image, []);
    if (left) note(left);
    return [`${number} ${numbersText(written.shape, image)}`];
  });
}

/** Said of so many regions that an error for each would take longer than writing them. */
const boxCut = yoloProblem('yoloBoxCut', {});
const regionBecomesBox = yoloProblem('yoloRegionBecomesBox', {});
const boxBecomesOutline = yoloProblem('yoloBoxBecomesOutline', {});
const regionBecomesTurnedBox = yoloProblem('yoloRegionBecomesTurnedBox', {});

interface WrittenShape {
  readonly shape: RowShape;
  readonly doubts: readonly AppError[];
}

/** The written form of an annotation; null if it covers no pixel. */
function writtenShape(
  { annotation }: SourceAnnotation,
  { image }: SourceImage,
  { task }: YoloWriteOptions,
): WrittenShape | null {
  const { geometry } = annotation;
  const box = boxInside(annotation, image);
  if (box === null || annotation.area === 0) return null;
  const cut = box.some((value, index) => value !== annotation.bbox[index]) ? [boxCut] : [];
  if (task === 'detect') {
    const reduced = geometry.kind === 'box' ? [] : [regionBecomesBox];
    return { shape: { kind: 'box', box }, doubts: [...cut, ...reduced] };
  }
  if (geometry.kind === 'box') {
    const doubts = task === 'segment' ? [...cut, boxBecomesOutline] : cut;
    return { shape: outline(boxCorners(box)), doubts };
  }
  const joined = oneRing(annotation, image);
  if (joined === null) return null;
  const { ring, rings } = joined;
  if (task === 'segment') {
    const doubts = rings > 1 ? [yoloProblem('yoloBridged', { rings })] : [];
    return { shape: outline(ring), doubts };
  }
  if (isTurnedBox(ring)) return { shape: outline(ring), doubts: [] };
  const corners = smallestTurnedBox(ring).map((value, index) =>
    Math.min(Math.max(value, 0), index % 2 === 0 ? image.width : image.height),
  );
  return { shape: outline(corners), doubts: [regionBecomesTurnedBox] };
}

function outline(ring: Ring): RowShape {
  return { kind: 'polygon', parts: [{ outer: ring, holes: [] }] };
}

function numbersText(shape: RowShape, { image }: SourceImage): string {
  const text = (value: number, index: number): string =>
    fractionText(value, index % 2 === 0 ? image.width : image.height);
  if (shape.kind === 'polygon') return shape.parts[0]!.outer.map(text).join(' ');
  if (shape.kind !== 'box') return '';
  const [x, y, width, height] = shape.box;
  return [x + width / 2, y + height / 2, width, height].map(text).join(' ');
}

/** The expected result of reading; see {@link DatasetWriter.expected}. */
export function expectedYolo(
  annotation: SourceAnnotation,
  image: SourceImage,
  options: YoloWriteOptions,
): RowShape | null {
  return annotation.category && (writtenShape(annotation, image, options)?.shape ?? null);
}
