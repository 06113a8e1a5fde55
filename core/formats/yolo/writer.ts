import type { AppError } from '../../errors.ts';
import { failure } from '../../errors.ts';
import type { Ring } from '../../geometry/shapes.ts';
import { hasTaughtRegions } from '../../image-states.ts';
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
import { splitFolders } from '../split-folders.ts';
import { dataYamlText } from './data-yaml.ts';
import type { YoloWriteOptions } from './options.ts';
import { yoloProblem } from './problem.ts';
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
  await output.write('data.yaml', dataYamlText(source.projectName, [...names.values()], splits));
  const numbers = new Map([...names.keys()].map((exportId, index) => [exportId, index]));
  for (const image of source.images()) {
    const { fileName, image: record } = image;
    const folder = folderOf(record.split, splits);
    const noteImage = (problem: AppError, isLoss: boolean): void =>
      note({ what: fileName, section: 'images', isLoss, problem });
    const rows = labelRows(image, options, numbers, note);
    if (!hasTaughtRegions(record, image.annotations().length)) {
      noteImage(failure('invalid-input', 'exportUnlabelled', {}), true);
      continue;
    }
    if (record.split === null && splits.size > 0) {
      noteImage(yoloProblem('yoloWithoutSplit', { folder: `labels/${folder}` }), false);
    }
    if (Math.min(record.width, record.height) < 10) {
      noteImage(yoloProblem('yoloTinyImage', record), false);
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

/** Images without split lie beside the folders of splits, where there are any. */
function folderOf(split: Split | null, splits: ReadonlySet<Split>): string {
  if (split !== null) return `${splitFolders[split]}/`;
  return splits.size > 0 ? 'unsplit/' : '';
}

/** The names of the classes by export id, in the order of their numbers; each once. */
function classNames(
  categories: readonly SourceCategory[],
  note: (note: WrittenNote) => void,
): ReadonlyMap<number, string> {
  const noteOf = (what: string, problem: AppError): void =>
    note({ what, section: 'annotations', isLoss: false, problem });
  const counts = new Map<string, number>();
  for (const { category } of categories) {
    counts.set(category.name, (counts.get(category.name) ?? 0) + 1);
  }
  const taken = new Set<string>();
  const names = new Map<number, string>();
  for (const { exportId, category, parentName } of categories) {
    const { name } = category;
    let chosen = counts.get(name)! > 1 && parentName !== null ? `${parentName}/${name}` : name;
    for (let count = 2; taken.has(chosen); count++) chosen = `${name}-${count}`;
    if (chosen !== name) noteOf(name, yoloProblem('yoloClassRenamed', { name, taken: chosen }));
    taken.add(chosen);
    names.set(exportId, chosen);
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
      noteRow(failure('invalid-input', 'exportWithoutCategory', {}), true);
      return [];
    }
    const written = writtenShape(annotation, image, options);
    if (written === null) {
      noteRow(failure('invalid-input', 'exportEmpty', {}), true);
      return [];
    }
    for (const doubt of written.doubts) noteRow(doubt);
    const left = leftOutNote(annotation, image, []);
    if (left) note(left);
    return [`${number} ${numbersText(written.shape, image)}`];
  });
}

interface WrittenShape {
  readonly shape: RowShape;
  readonly doubts: readonly AppError[];
}

/** What is written of an annotation; null where it covers no pixel. */
function writtenShape(
  { annotation }: SourceAnnotation,
  { image }: SourceImage,
  { task }: YoloWriteOptions,
): WrittenShape | null {
  const { geometry } = annotation;
  const box = boxInside(annotation, image);
  if (box === null || annotation.area === 0) return null;
  const cut = box.some((value, index) => value !== annotation.bbox[index])
    ? [yoloProblem('yoloBoxCut', {})]
    : [];
  if (task === 'detect') {
    const reduced = geometry.kind === 'box' ? [] : [yoloProblem('yoloRegionBecomesBox', {})];
    return { shape: { kind: 'box', box }, doubts: [...cut, ...reduced] };
  }
  if (geometry.kind === 'box') {
    const doubts = task === 'segment' ? [...cut, yoloProblem('yoloBoxBecomesOutline', {})] : cut;
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
  return { shape: outline(corners), doubts: [yoloProblem('yoloRegionBecomesTurnedBox', {})] };
}

function outline(ring: Ring): RowShape {
  return { kind: 'polygon', parts: [{ outer: ring, holes: [] }] };
}

function numbersText(shape: RowShape, { image }: SourceImage): string {
  const text = (value: number, index: number): string =>
    fractionText(value, index % 2 === 0 ? image.width : image.height);
  if (shape.kind === 'polygon') return shape.parts[0]!.outer.map(text).join(' ');
  if (shape.kind === 'mask') return '';
  const [x, y, width, height] = shape.box;
  return [x + width / 2, y + height / 2, width, height].map(text).join(' ');
}

/** What a reading must find; see {@link DatasetWriter.expected}. */
export function expectedYolo(
  annotation: SourceAnnotation,
  image: SourceImage,
  options: YoloWriteOptions,
): RowShape | null {
  return annotation.category && (writtenShape(annotation, image, options)?.shape ?? null);
}
