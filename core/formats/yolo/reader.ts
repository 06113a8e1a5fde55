import { AppError } from '../../errors.ts';
import type { Split } from '../../records.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, CategoryRow, DatasetRow, ImageRow } from '../dataset-row.ts';
import { doubt, loss } from '../row-notes.ts';
import { lastPart, plainImageName } from '../photo-files.ts';
import { regionProblem } from '../region-sentences.ts';
import { numberedName, parseDataYaml, type DataYaml } from './data-yaml.ts';
import { readLabels, type LabelRow } from './label-rows.ts';
import { listsOf, SplitTable, yoloLayout, type LabelledImage } from './layout.ts';
import { yoloProblem } from './sentences.ts';

const noCard: DataYaml = {
  names: null,
  shared: new Map(),
  doubled: [],
  sources: [],
  keypointColumns: 0,
};

/**
 * Reads a dataset of ultralytics, Roboflow, Darknet or a labelling tool that writes such labels.
 */
export async function* readYolo(files: DatasetFiles): AsyncGenerator<DatasetRow, void> {
  yield* readRows(files, (labelled, splits, classes, keypointColumns) =>
    readImage(files, labelled, splits, classes, keypointColumns),
  );
}

/** Its categories and images, without opening any labels. */
export async function* readYoloHead(files: DatasetFiles): AsyncGenerator<DatasetRow, void> {
  yield* readRows(files, (labelled, splits) => [imageRow(labelled, splits)]);
}

async function* readRows(
  files: DatasetFiles,
  rowsOf: (
    labelled: LabelledImage,
    splits: SplitTable,
    classes: Classes,
    keypointColumns: number,
  ) => Iterable<DatasetRow> | AsyncIterable<DatasetRow>,
): AsyncGenerator<DatasetRow, void> {
  const paths = await files.list();
  const notes: DatasetRow[] = [];
  const { path: cardPath, card } = await readCard(files, paths, notes);
  const names = card.names ?? (await namesBeside(files, paths, notes));
  yield* notes;
  yield* categoriesOf(names, cardPath);
  for (const [number, shared] of card.shared) {
    yield loss(`${cardPath} class ${number}`, classShared(number, shared));
  }
  for (const key of card.doubled) {
    yield loss(`${cardPath} ${key}`, yoloProblem('yoloKeyDoubled', { key }));
  }
  const lists = new Map([...listsOf(card, paths), ...usualLists(paths)]);
  const layout = yoloLayout(paths, new Set(lists.keys()));
  const splits = new SplitTable(card, layout, lists);
  for (const [list, split] of lists) {
    for await (const line of linesOf(files.chunks(list))) splits.add(line, split);
  }
  for (const missing of splits.missing) {
    yield doubt(cardPath, yoloProblem('yoloSplitFolderMissing', missing));
  }
  if (splits.doubled > 0) {
    yield doubt(cardPath, yoloProblem('yoloInTwoSplits', { count: splits.doubled }));
  }
  for (const path of layout.passedOver) yield doubt(path, yoloProblem('yoloTextPassedOver', {}));
  for (const { labels, photos } of layout.ambiguous) {
    yield loss(labels, yoloProblem('yoloPhotosAlike', { paths: photos }));
  }
  for (const labelled of layout.images) {
    yield* rowsOf(labelled, splits, { names, shared: card.shared }, card.keypointColumns);
  }
}

function imageRow({ image, labels }: LabelledImage, splits: SplitTable): ImageRow {
  return {
    kind: 'image',
    place: labels ?? image,
    key: image,
    fileName: plainImageName(image),
    size: null,
    split: splits.of(image),
  };
}

async function* readImage(
  files: DatasetFiles,
  labelled: LabelledImage,
  splits: SplitTable,
  classes: Classes,
  keypointColumns: number,
): AsyncGenerator<DatasetRow, void> {
  const { image, labels } = labelled;
  const row = imageRow(labelled, splits);
  if (labels === null) {
    yield row;
    return;
  }
  let text: string;
  try {
    text = await files.text(labels);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    yield row;
    yield loss(labels, thrown);
    return;
  }
  const { rows, isMixed } = readLabels(text, keypointColumns);
  // ultralytics teaches an empty file as an image without objects.
  yield rows.length === 0 ? { ...row, state: 'reviewed-empty' } : row;
  if (isMixed) yield doubt(labels, yoloProblem('yoloMixedRows', {}));
  for (const [index, label] of rows.entries()) {
    const place = `${labels} line ${label.line}`;
    if ('problem' in label) yield loss(place, label.problem);
    else yield* annotationRows(label, index, place, image, classes);
  }
}

function* annotationRows(
  label: LabelRow,
  zOrder: number,
  place: string,
  image: string,
  { names, shared }: Classes,
): Generator<DatasetRow, void> {
  const number = typeof label.category === 'number' ? label.category : null;
  const several = number === null ? undefined : shared.get(number);
  if (number !== null && several) {
    yield loss(place, classShared(number, several));
    return;
  }
  const category = nameOf(label.category, names);
  for (const problem of label.doubts) yield doubt(place, problem);
  if (category === null && names !== null && typeof label.category === 'number') {
    const parts = { found: label.category, count: names.length };
    yield doubt(place, yoloProblem('yoloClassUnknown', parts));
  }
  const extra = {
    ...(label.score !== null && { score: label.score }),
    ...(label.keypoints.length > 0 && { yolo_keypoints: [...label.keypoints] }),
    ...(category === null && { yolo_class: label.category }),
  };
  const row: AnnotationRow = {
    kind: 'annotation',
    place,
    image,
    category,
    shape: label.shape,
    unit: label.unit,
    zOrder,
    ...(label.isDifficult && { attributes: { difficult: true } }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
  yield row;
}

function classShared(number: number, names: readonly string[]): AppError {
  return regionProblem('regionClassShared', { key: 'number', found: String(number), names });
}

/** The names of classes, and the numbers that have several. */
interface Classes extends Pick<DataYaml, 'shared'> {
  readonly names: Names;
}

/** By the numbers of their classes; null where the dataset names none. */
type Names = readonly (string | undefined)[] | null;

function nameOf(category: number | string, names: Names): string | null {
  if (typeof category === 'string') return category;
  return names === null ? numberedName(category) : (names[category] ?? null);
}

function* categoriesOf(names: Names, place: string): Generator<DatasetRow, void> {
  const seen = new Set<string>();
  for (const [index, name] of (names ?? []).entries()) {
    if (name === undefined || name === '') continue;
    const row: CategoryRow = { kind: 'category', place: `${place} class ${index}`, name };
    if (seen.has(name)) yield doubt(row.place, yoloProblem('yoloClassNameTwice', { name }));
    else yield row;
    seen.add(name);
  }
}

/** The `data.yaml` that was given, or the topmost file of that kind. */
export function cardPaths(paths: readonly string[], given: string | null): string[] {
  const cards = paths.filter((path) => /\.ya?ml$/i.test(path));
  const depth = (path: string): number => path.split('/').length;
  const rank = (path: string): number =>
    path === given
      ? 0
      : depth(path) * 2 + (/^(data|dataset)\.ya?ml$/i.test(lastPart(path)) ? 0 : 1);
  return cards.sort((a, b) => rank(a) - rank(b));
}

async function readCard(
  files: DatasetFiles,
  paths: readonly string[],
  notes: DatasetRow[],
): Promise<{ path: string; card: DataYaml }> {
  const none = { path: files.name, card: noCard };
  for (const path of cardPaths(paths, files.given)) {
    try {
      const card = parseDataYaml(await files.text(path));
      if (card.names !== null || card.sources.length > 0) {
        if (card.names === null) notes.push(doubt(path, yoloProblem('yoloCardWithoutNames', {})));
        return { path, card };
      }
    } catch (thrown) {
      const reason = (thrown as Error).message.split('\n')[0]!;
      notes.push(doubt(path, yoloProblem('yoloCardUnreadable', { reason })));
    }
  }
  return none;
}

/** The names of a list, one a line, as Darknet and labelling tools write them. */
async function namesBeside(
  files: DatasetFiles,
  paths: readonly string[],
  notes: DatasetRow[],
): Promise<Names> {
  const lists = paths.filter((path) =>
    /(^|\/)((predefined_)?classes\.txt|[^/]+\.names)$/i.test(path),
  );
  const [list] = lists.sort((a, b) => a.split('/').length - b.split('/').length);
  if (list === undefined) {
    if (notes.length === 0) notes.push(doubt(files.name, yoloProblem('yoloNamesAbsent', {})));
    return null;
  }
  const lines = (await files.text(list)).split(/\r\n|\r|\n/).map((line) => line.trim());
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** The lists of images that Darknet and others put beside the labels. */
function usualLists(paths: readonly string[]): [path: string, split: Split][] {
  const names = {
    'train.txt': 'train',
    'val.txt': 'validation',
    'valid.txt': 'validation',
    'test.txt': 'test',
  } as const;
  return Object.entries(names).flatMap(([name, split]) => {
    const path = paths.find((candidate) => candidate === name);
    return path === undefined ? [] : [[path, split]];
  });
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r\n|\r|\n/);
    rest = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') yield line.trim();
  }
  if (rest.trim() !== '') yield rest.trim();
}
