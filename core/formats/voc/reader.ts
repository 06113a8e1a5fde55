import { AppError } from '../../errors.ts';
import type { Box } from '../../geometry/shapes.ts';
import type { Split } from '../../records.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow } from '../dataset-row.ts';
import { colorText, readLabelImage, type LabelImage } from '../label-image.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { isPhoto, lastPart, PhotoStems, stemOf } from '../photo-files.ts';
import { splitOfPath } from '../split-folders.ts';
import { readVocXml, type VocAnnotation, type VocObject } from './annotation-xml.ts';
import { readImageSets, type ImageSets } from './image-sets.ts';
import { parseLabelMap, vocClasses, type VocClass } from './label-map.ts';
import { objectMasks, type ObjectMask } from './object-masks.ts';
import type { VocReadOptions } from './options.ts';
import { vocProblem } from './sentences.ts';

/** Reads Pascal VOC, also what Roboflow (XML beside photos) and CVAT (masks alone) make of it. */
export async function* readVoc(
  files: DatasetFiles,
  options: VocReadOptions,
): AsyncGenerator<DatasetRow, void> {
  const paths = await files.list();
  const stems = new PhotoStems(paths.filter((path) => isPhoto(path) && !maskFolder.test(path)));
  for (const [root, entries] of entriesByRoot(paths)) {
    const classes = await readClasses(files, paths, root);
    for (const { name, color } of classes?.slice(1) ?? []) {
      if (name === 'ignored') continue;
      const place = `${root}labelmap.txt`;
      yield { kind: 'category', place, name, color: colorText(color) };
    }
    const sets = await readImageSets(files, paths, root);
    if (sets.doubled > 0) {
      const problem = vocProblem('vocInTwoSplits', { count: sets.doubled });
      yield doubt(`${root}ImageSets`, problem);
    }
    const dataset: Dataset = { files, options, stems, root, classes: classes ?? vocClasses, sets };
    for (const id of sets.splits.keys()) if (!entries.has(id)) entries.set(id, noEntry);
    for (const [id, entry] of entries) yield* readEntry(dataset, id, entry);
  }
}

interface Dataset {
  readonly files: DatasetFiles;
  readonly options: VocReadOptions;
  readonly stems: PhotoStems;
  readonly root: string;
  readonly classes: readonly VocClass[];
  readonly sets: ImageSets;
}

/** The files of one image. */
interface Entry {
  readonly xml: string | null;
  readonly classMask: string | null;
  readonly objectMask: string | null;
}

const noEntry: Entry = { xml: null, classMask: null, objectMask: null };

const maskFolder = /(^|\/)Segmentation(Class|Object)\//;
const place = /^(.*?)(Annotations|SegmentationClass|SegmentationObject)\/(.+)\.(xml|png)$/;

/**
 * The images of each dataset among the files, by the folder that holds `Annotations` (empty at the
 * top).
 */
function entriesByRoot(paths: readonly string[]): Map<string, Map<string, Entry>> {
  const roots = new Map<string, Map<string, Entry>>();
  for (const path of paths) {
    const found = place.exec(path);
    const isXml = path.endsWith('.xml');
    if (!found && !isXml) continue;
    const [, root = '', folder = 'Annotations', id = stemOf(path), ending = 'xml'] = found ?? [];
    if ((folder === 'Annotations') !== (ending === 'xml')) continue;
    const entries = roots.get(root) ?? new Map<string, Entry>();
    const key = { Annotations: 'xml', SegmentationClass: 'classMask' }[folder] ?? 'objectMask';
    entries.set(id, { ...(entries.get(id) ?? noEntry), [key]: path });
    roots.set(root, entries);
  }
  return roots;
}

async function readClasses(
  files: DatasetFiles,
  paths: readonly string[],
  root: string,
): Promise<VocClass[] | null> {
  const path = `${root}labelmap.txt`;
  return paths.includes(path) ? parseLabelMap(await files.text(path)) : null;
}

async function* readEntry(
  dataset: Dataset,
  id: string,
  entry: Entry,
): AsyncGenerator<DatasetRow, void> {
  const { files, sets, root } = dataset;
  const path = entry.xml ?? entry.objectMask ?? entry.classMask ?? `${root}ImageSets`;
  let annotation: VocAnnotation | null = null;
  try {
    if (entry.xml !== null) annotation = await readVocXml(files.chunks(entry.xml));
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    yield loss(path, thrown);
    if (entry.classMask === null && entry.objectMask === null) return;
  }
  const key = `${root}${id}`;
  const { fileName, note } = imageName(dataset, id, annotation?.fileName ?? null, entry);
  const notes: DatasetRow[] = note ? [doubt(path, note)] : [];
  const masks = await readMasks(dataset, entry, annotation, notes);
  const size = masks.size ?? (annotation?.width ? annotation : null);
  if (annotation?.wrongSize != null) {
    notes.push(doubt(path, vocProblem('vocSizeUnreadable', { found: annotation.wrongSize })));
  }
  const split: Split | null = sets.splits.has(id)
    ? sets.splits.get(id)!
    : sets.splits.size > 0
      ? null
      : splitOfPath(path);
  const count = (annotation?.objects.length ?? 0) + masks.masks.length;
  const image: ImageRow = {
    kind: 'image',
    place: path,
    key,
    fileName,
    size: size && { width: size.width, height: size.height },
    split,
    ...(annotation?.isVerified && { state: count > 0 ? 'done' : 'reviewed-empty' }),
  };
  yield image;
  yield* notes;
  yield* annotationRows(dataset, path, key, annotation, masks.masks);
}

/** The photo of an id, by which readers of VOC go; its name in the XML tells its ending. */
function imageName(
  { stems, root }: Dataset,
  id: string,
  written: string | null,
  entry: Entry,
): { fileName: string; note: AppError | null } {
  const beside = entry.xml === null ? [] : stems.at(stemOf(entry.xml));
  const named = written === null ? '' : lastPart(written.replaceAll('\\', '/'));
  const isOwn = [named, stemOf(named)].includes(lastPart(id));
  const inFolder = `${root}JPEGImages/${id}`;
  // Photos that differ in their ending only have it in their id.
  const whole = stems.at(stemOf(inFolder)).filter((path) => path === inFolder);
  const candidates = [...whole, ...stems.at(inFolder), ...beside];
  const photo = candidates.find((path) => lastPart(path) === named) ?? candidates[0];
  const folder = id.slice(0, id.length - lastPart(id).length);
  const inSet = entry.xml?.includes('Annotations/') === true || entry.xml === null;
  const alone = `${inSet ? root : ''}${isOwn && named !== '' ? folder + named : id}`;
  const fileName = photo ?? alone;
  const isOther = named !== '' && !isOwn;
  return {
    fileName,
    note: isOther ? vocProblem('vocOtherFileName', { found: written!, taken: fileName }) : null,
  };
}

async function readMasks(
  { files, classes }: Dataset,
  entry: Entry,
  annotation: VocAnnotation | null,
  notes: DatasetRow[],
): Promise<{ masks: readonly ObjectMask[]; size: LabelImage | null }> {
  const none = { masks: [], size: null };
  const read = async (path: string | null): Promise<LabelImage | null> => {
    if (path === null) return null;
    try {
      return readLabelImage(await files.bytes(path));
    } catch (thrown) {
      const reason = (thrown as Error).message;
      notes.push(loss(path, vocProblem('vocMaskUnreadable', { reason })));
      return null;
    }
  };
  const [objectImage, classImage] = [await read(entry.objectMask), await read(entry.classMask)];
  const expected = annotation?.width ? annotation : (objectImage ?? classImage);
  for (const [path, image] of [
    [entry.objectMask, objectImage],
    [entry.classMask, classImage],
  ] as const) {
    if (!image || !expected || sizeText(image) === sizeText(expected)) continue;
    const sizes = { found: sizeText(image), expected: sizeText(expected) };
    notes.push(loss(path!, vocProblem('vocMaskSizes', sizes)));
    return none;
  }
  try {
    const masks = objectMasks(objectImage, classImage, classes);
    return { masks, size: objectImage ?? classImage };
  } catch (thrown) {
    const reason = (thrown as Error).message;
    notes.push(
      loss(entry.objectMask ?? entry.classMask!, vocProblem('vocMaskUnreadable', { reason })),
    );
    return none;
  }
}

function sizeText({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width} x ${height}`;
}

function* annotationRows(
  { options, root }: Dataset,
  path: string,
  image: string,
  annotation: VocAnnotation | null,
  masks: readonly ObjectMask[],
): Generator<DatasetRow, void> {
  const isFrom1 =
    options.pixels === 'auto' ? annotation?.isFrom1 === true : options.pixels === 'from-1';
  const objects = annotation?.objects ?? [];
  const boxes = objects.map((object) => boxOf(object, isFrom1));
  const { maskOf, alone } = matched(objects, boxes, masks);
  let zOrder = 0;
  for (const [index, object] of objects.entries()) {
    const where = `${path} object ${index + 1}`;
    const mask = maskOf.get(index);
    const row = mask
      ? maskRow(where, image, object.name, mask, boxes[index]!)
      : boxRow(where, image, object, boxes[index]!);
    yield* withNotes(row, object, zOrder++);
    if (object.parts.length === 0) continue;
    yield doubt(where, vocProblem('vocPartsApart', { count: object.parts.length }));
    for (const [number, part] of object.parts.entries()) {
      const partRow = boxRow(`${where} part ${number + 1}`, image, part, boxOf(part, isFrom1));
      const isUnder = partRow.kind === 'annotation' && object.name !== null;
      yield* withNotes(
        isUnder ? { ...partRow, categoryParent: object.name } : partRow,
        part,
        zOrder++,
      );
    }
  }
  for (const mask of alone) {
    const where = `${root}Segmentation of ${image} object ${mask.number ?? mask.classValue}`;
    if (mask.sharedBy !== null) {
      const color = { key: 'color', found: mask.classValue, names: mask.sharedBy } as const;
      yield loss(where, regionProblem('regionClassShared', color));
      continue;
    }
    if (objects.length > 0) yield doubt(where, vocProblem('vocMaskAlone', {}));
    if (mask.className === null) {
      yield doubt(where, vocProblem('vocClassUnknown', { found: mask.classValue }));
    }
    yield { ...maskRow(where, image, mask.className, mask, null), zOrder: zOrder++ };
  }
}

function* withNotes(
  row: AnnotationRow | Extract<DatasetRow, { kind: 'note' }>,
  { name, attributes }: VocObject,
  zOrder: number,
): Generator<DatasetRow, void> {
  if (row.kind === 'note') {
    yield row;
    return;
  }
  if (name === null) yield doubt(row.place, vocProblem('vocWithoutName', {}));
  yield { ...row, zOrder, ...(Object.keys(attributes).length > 0 && { attributes }) };
}

function boxRow(
  where: string,
  image: string,
  { name, edges }: VocObject,
  box: Box | null,
): AnnotationRow | Extract<DatasetRow, { kind: 'note' }> {
  if (typeof edges === 'string')
    return loss(where, vocProblem('vocBoxUnreadable', { found: edges }));
  if (box === null) {
    return loss(where, vocProblem('vocBoxWithoutArea', { found: edges.join(', ') }));
  }
  return { kind: 'annotation', place: where, image, category: name, shape: { kind: 'box', box } };
}

function maskRow(
  where: string,
  image: string,
  category: string | null,
  { rle, box }: ObjectMask,
  given: Box | null,
): AnnotationRow {
  const isOther = given?.some((value, index) => Math.abs(value - box[index]!) > 2) === true;
  return {
    kind: 'annotation',
    place: where,
    image,
    category,
    shape: { kind: 'mask', rle },
    ...(isOther && { extra: { given_bbox: [...given] } }),
  };
}

/**
 * The box of an object in pixels; null where it has no area. The last pixel belongs to it where
 * the first one is 1.
 */
function boxOf({ edges }: VocObject, isFrom1: boolean): Box | null {
  if (typeof edges === 'string') return null;
  const [left, top, right, bottom] = edges;
  const first = isFrom1 ? 1 : 0;
  const box: Box = [left - first, top - first, right - left + first, bottom - top + first];
  return box[2] > 0 && box[3] > 0 ? box : null;
}

/** Which masks are those of which objects: by their number, else by class and place. */
function matched(
  objects: readonly VocObject[],
  boxes: readonly (Box | null)[],
  masks: readonly ObjectMask[],
): { maskOf: Map<number, ObjectMask>; alone: ObjectMask[] } {
  const maskOf = new Map<number, ObjectMask>();
  const fits = (index: number, { className, box }: ObjectMask): boolean => {
    const [object, whole] = [objects[index], boxes[index]];
    if (!object || !whole || maskOf.has(index)) return false;
    return (className === null || className === object.name) && lies(box, whole);
  };
  const others = masks.filter((mask) => {
    const index = mask.number === null ? -1 : mask.number - 1;
    if (!fits(index, mask)) return true;
    maskOf.set(index, mask);
    return false;
  });
  const alone = others.filter((mask) => {
    const candidates = objects.map((_, index) => index).filter((index) => fits(index, mask));
    const [best] = candidates.sort((a, b) => boxArea(boxes[a]!) - boxArea(boxes[b]!));
    if (mask.number === null || best === undefined) return true;
    maskOf.set(best, mask);
    return false;
  });
  return { maskOf, alone };
}

/** Pixels by which a mask may reach out of its box, which people draw by hand. */
const boxTolerance = 2;

function lies(inner: Box, outer: Box): boolean {
  return (
    inner[0] >= outer[0] - boxTolerance &&
    inner[1] >= outer[1] - boxTolerance &&
    inner[0] + inner[2] <= outer[0] + outer[2] + boxTolerance &&
    inner[1] + inner[3] <= outer[1] + outer[3] + boxTolerance
  );
}

function boxArea([, , width, height]: Box): number {
  return width * height;
}
