import type { AppError } from '../../errors.ts';
import { rleArea } from '../../geometry/rle.ts';
import type { Box, Rle } from '../../geometry/shapes.ts';
import type { AttributeValue, Split } from '../../records.ts';
import { ClaimedNames } from '../claimed-names.ts';
import { readCsv } from '../csv.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow } from '../dataset-row.ts';
import { pngStart, readLabelImage } from '../label-image.ts';
import { masksByValue } from '../masks-by-value.ts';
import { isPhoto, lastPart, plainImageName, PhotoStems } from '../photo-files.ts';
import { doubt, loss } from '../row-notes.ts';
import { regionProblem } from '../region-sentences.ts';
import { openProblem } from './sentences.ts';
import { namedRows, openFiles, splitOfFile, type NamedRow } from './tables.ts';

/** Reads Open Images: boxes and masks by image, which may come in any order. */
export async function* readOpenImages(files: DatasetFiles): AsyncGenerator<DatasetRow, void> {
  const reader = new OpenReader(files, await files.list());
  yield* reader.read();
}

interface MaskEntry {
  readonly path: string;
  readonly label: string;
  readonly box: string;
  readonly place: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

class OpenReader {
  readonly #files: DatasetFiles;
  readonly #paths: readonly string[];
  readonly #stems: PhotoStems;
  readonly #maskPaths: ReadonlyMap<string, string>;
  readonly #names = new Map<string, string>();
  readonly #claimed = new ClaimedNames<string>();
  readonly #parents = new Map<string, string>();
  readonly #unnamed = new Set<string>();
  /** Images that were given, with their size where a mask tells it. */
  readonly #images = new Map<string, Size | null>();
  readonly #splits = new Map<string, Split | null>();
  readonly #sizes = new Map<string, Size>();
  /** By the image. */
  readonly #masks = new Map<string, MaskEntry[]>();
  /** How many rows name a mask: the pixels of one are those of one region. */
  readonly #maskRows = new Map<string, number>();

  constructor(files: DatasetFiles, paths: readonly string[]) {
    this.#files = files;
    this.#paths = paths;
    const isMask = (path: string): boolean => /(^|\/)masks\//.test(path);
    this.#stems = new PhotoStems(paths.filter((path) => isPhoto(path) && !isMask(path)));
    this.#maskPaths = new Map(
      paths
        .filter((path) => /\.png$/i.test(path) && isMask(path))
        .map((path) => [lastPart(path), path]),
    );
  }

  async *read(): AsyncGenerator<DatasetRow, void> {
    const { descriptions, hierarchies, images, boxes, masks, imageLabels } = openFiles(this.#paths);
    for (const path of descriptions) yield* this.#readDescriptions(path);
    for (const path of hierarchies) await this.#readHierarchy(path);
    yield* this.#categories(descriptions[0] ?? this.#files.name);
    await this.#readSizes();
    for (const path of masks) yield* this.#readMaskTable(path);
    for (const path of images) yield* this.#readImageTable(path);
    for (const path of boxes) yield* this.#readBoxes(path);
    for (const [image, entries] of this.#masks) {
      yield* this.#image(image, entries[0]!.place);
      for (const entry of entries)
        yield* this.#annotation(entry.place, image, entry.label, entry.box, entry, {});
    }
    for (const path of imageLabels) yield* this.#countImageLabels(path);
  }

  async *#readDescriptions(path: string): AsyncGenerator<DatasetRow, void> {
    const labels = new Map([...this.#names].map(([label, name]) => [name, label]));
    for await (const { line, fields } of readCsv(this.#files.chunks(path))) {
      const [label = '', name = ''] = fields;
      if (label === 'LabelName' || label === '' || name === '') continue;
      const taken = labels.get(name);
      if (taken !== undefined && taken !== label)
        yield doubt(`${path} line ${line}`, openProblem('openNameTwice', { name, label }));
      this.#claimed.add(label, name);
      this.#names.set(label, name);
      labels.set(name, label);
    }
    for (const label of [...this.#names.keys()]) {
      const problem = this.#sharedBy(label);
      if (!problem) continue;
      this.#names.delete(label);
      yield loss(`${path} ${label}`, problem);
    }
  }

  /** Why a label means none of the names that it has. */
  #sharedBy(label: string): AppError | null {
    const names = this.#claimed.sharedBy(label);
    return names && regionProblem('regionClassShared', { key: 'label', found: label, names });
  }

  async #readHierarchy(path: string): Promise<void> {
    const visit = (node: unknown, parent: string | null): void => {
      if (typeof node !== 'object' || node === null) return;
      const { LabelName: label, Subcategory: children } = node as Record<string, unknown>;
      if (typeof label !== 'string') return;
      // The root is `Entity`, which names nothing.
      if (parent !== null && this.#names.has(parent) && !this.#parents.has(label)) {
        this.#parents.set(label, parent);
      }
      if (Array.isArray(children)) for (const child of children) visit(child, label);
    };
    try {
      visit(JSON.parse(await this.#files.text(path)), null);
    } catch {
      // The tree is a help only; regions have their labels without it.
    }
  }

  *#categories(place: string): Generator<DatasetRow, void> {
    const given = new Set<string>();
    for (const [label, name] of this.#names) {
      if (given.has(name)) continue;
      given.add(name);
      const parent = this.#names.get(this.#parents.get(label) ?? '');
      const extra = { open_images_label: label };
      yield { kind: 'category', place, name, ...(parent !== undefined && { parent }), extra };
    }
  }

  /** `images.meta` of datumaro: id, height, width. */
  async #readSizes(): Promise<void> {
    const path = this.#paths.find((candidate) => lastPart(candidate) === 'images.meta');
    if (path === undefined) return;
    for (const line of (await this.#files.text(path)).split(/\r\n|\r|\n/)) {
      const found = /^("?)(.+)\1\s+(\d+)\s+(\d+)$/.exec(line.trim());
      if (!found || line.startsWith('#')) continue;
      const [height, width] = [Number(found[3]), Number(found[4])];
      if (height > 0 && width > 0) this.#sizes.set(found[2]!, { width, height });
    }
  }

  async *#readMaskTable(path: string): AsyncGenerator<DatasetRow, void> {
    const split = splitOfFile(path);
    const needed = ['MaskPath', 'ImageID', 'LabelName'];
    const lacking: string[] = [];
    const rows = namedRows(this.#files, path, needed, (columns) => lacking.push(...columns));
    for await (const row of rows) {
      const image = row.get('ImageID');
      const edges = ['BoxXMin', 'BoxXMax', 'BoxYMin', 'BoxYMax'].map((column) => row.get(column));
      const entry: MaskEntry = {
        path: row.get('MaskPath'),
        label: row.get('LabelName'),
        box: edges.join(' '),
        place: `${path} line ${row.line}`,
      };
      const mask = lastPart(entry.path);
      this.#maskRows.set(mask, (this.#maskRows.get(mask) ?? 0) + 1);
      const before = this.#masks.get(image);
      if (before) before.push(entry);
      else this.#masks.set(image, [entry]);
      if (!this.#splits.has(image)) this.#splits.set(image, split);
    }
    if (lacking.length > 0)
      yield loss(path, openProblem('openColumnsMissing', { columns: lacking }));
  }

  async *#readImageTable(path: string): AsyncGenerator<DatasetRow, void> {
    const lacking: string[] = [];
    const rows = namedRows(this.#files, path, ['ImageID'], (columns) => lacking.push(...columns));
    for await (const row of rows) {
      const image = row.get('ImageID');
      const subset = row.get('Subset');
      this.#splits.set(image, subset === '' ? splitOfFile(path) : splitOfFile(`${subset}-`));
      yield* this.#image(image, `${path} line ${row.line}`);
    }
    if (lacking.length > 0)
      yield loss(path, openProblem('openColumnsMissing', { columns: lacking }));
  }

  async *#readBoxes(path: string): AsyncGenerator<DatasetRow, void> {
    const split = splitOfFile(path);
    const edgeColumns = ['XMin', 'XMax', 'YMin', 'YMax'];
    const lacking: string[] = [];
    const needed = ['ImageID', 'LabelName', ...edgeColumns];
    const rows = namedRows(this.#files, path, needed, (columns) => lacking.push(...columns));
    for await (const row of rows) {
      const image = row.get('ImageID');
      const label = row.get('LabelName');
      if (!this.#splits.has(image)) this.#splits.set(image, split);
      const place = `${path} line ${row.line}`;
      yield* this.#image(image, place);
      const box = edgeColumns.map((column) => row.get(column)).join(' ');
      yield* this.#annotation(
        place,
        image,
        label,
        box,
        this.#takeMask(image, label, box),
        marksOf(row),
      );
    }
    if (lacking.length > 0)
      yield loss(path, openProblem('openColumnsMissing', { columns: lacking }));
  }

  /** The mask of a box: both tables have the same box, but in other digits. */
  #takeMask(image: string, label: string, box: string): MaskEntry | null {
    const entries = this.#masks.get(image);
    if (!entries) return null;
    const wanted = box.split(' ').map(Number);
    const index = entries.findIndex((entry) => {
      const edges = entry.box.split(' ').map(Number);
      const isSame = edges.every((edge, at) => Math.abs(edge - wanted[at]!) < sameEdge);
      return entry.label === label && isSame;
    });
    if (index < 0) return null;
    const [entry] = entries.splice(index, 1);
    if (entries.length === 0) this.#masks.delete(image);
    return entry!;
  }

  async *#image(id: string, place: string): AsyncGenerator<DatasetRow, void> {
    if (this.#images.has(id)) return;
    const size = this.#sizes.get(id) ?? (await this.#sizeOfMasks(id));
    this.#images.set(id, size);
    const split = this.#splits.get(id) ?? null;
    const photos = this.#stems.named(id);
    const photo = photos.find((path) => `/${path}`.includes(`/${id}.`)) ?? photos[0];
    yield { kind: 'image', place, key: id, fileName: plainImageName(photo ?? id), size, split };
  }

  /** Masks have a size, which Open Images does not tell in another way. */
  async #sizeOfMasks(id: string): Promise<Size | null> {
    for (const { path } of this.#masks.get(id) ?? []) {
      const found = this.#maskPaths.get(lastPart(path));
      const start = found === undefined ? null : pngStart(await this.#files.start(found));
      if (start) return { width: start.width, height: start.height };
    }
    return null;
  }

  async *#annotation(
    place: string,
    image: string,
    label: string,
    box: string,
    mask: MaskEntry | null,
    marks: Partial<AnnotationRow>,
  ): AsyncGenerator<DatasetRow, void> {
    const shared = this.#sharedBy(label);
    if (shared) {
      yield loss(place, shared);
      return;
    }
    if (!this.#names.has(label) && !this.#unnamed.has(label)) {
      this.#unnamed.add(label);
      yield doubt(place, openProblem('openLabelUnnamed', { label }));
    }
    const parent = this.#names.get(this.#parents.get(label) ?? '');
    const row = {
      kind: 'annotation' as const,
      place,
      image,
      category: this.#names.get(label) ?? label,
      ...(parent !== undefined && { categoryParent: parent }),
      ...marks,
    };
    if (mask !== null) {
      const found = await this.#readMask(image, mask);
      if ('rle' in found) {
        yield { ...row, shape: { kind: 'mask', rle: found.rle } };
        return;
      }
      yield doubt(place, found.problem);
    }
    const edges = box.split(' ').map((text) => (text === '' ? NaN : Number(text)));
    const [left, right, top, bottom] = edges as [number, number, number, number];
    if (!edges.every((edge) => Number.isFinite(edge) && edge >= -1 && edge <= 2)) {
      yield loss(place, openProblem('openBoxUnreadable', { found: box || 'nothing' }));
    } else if (!(right > left && bottom > top)) {
      yield loss(place, openProblem('openBoxWithoutArea', { found: box }));
    } else {
      const shape: Box = [left, top, right - left, bottom - top];
      yield { ...row, shape: { kind: 'box', box: shape }, unit: 'fraction' };
    }
  }

  async #readMask(
    image: string,
    { path }: MaskEntry,
  ): Promise<{ rle: Rle } | { problem: ReturnType<typeof openProblem> }> {
    const mask = lastPart(path);
    const rows = this.#maskRows.get(mask)!;
    if (rows > 1) return { problem: openProblem('openMaskShared', { mask, count: rows }) };
    const found = this.#maskPaths.get(mask);
    if (found === undefined) return { problem: openProblem('openMaskMissing', { mask }) };
    try {
      const labels = readLabelImage(await this.#files.bytes(found));
      const expected = this.#images.get(image);
      if (expected && (expected.width !== labels.width || expected.height !== labels.height)) {
        const sizes = {
          found: `${labels.width} x ${labels.height}`,
          expected: `${expected.width} x ${expected.height}`,
        };
        return { problem: openProblem('openMaskSize', { mask, ...sizes }) };
      }
      // Every value but black is the object.
      const values = labels.values.map((value) => Number(value > 0));
      const [rle] = masksByValue({ ...labels, values }, new Set([0])).values();
      return rle && rleArea(rle) > 0
        ? { rle }
        : { problem: openProblem('openMaskEmpty', { mask }) };
    } catch (thrown) {
      const reason = (thrown as Error).message;
      return { problem: openProblem('openMaskUnreadable', { mask, reason }) };
    }
  }

  async *#countImageLabels(path: string): AsyncGenerator<DatasetRow, void> {
    let count = 0;
    const rows = namedRows(this.#files, path, ['ImageID'], () => undefined);
    for await (const row of rows) {
      count++;
      const image = row.get('ImageID');
      if (!this.#splits.has(image)) this.#splits.set(image, splitOfFile(path));
      yield* this.#image(image, `${path} line ${row.line}`);
    }
    if (count > 0) yield loss(path, openProblem('openImageLabels', { count }));
  }
}

/** Fractions by which one box may differ between two tables. */
const sameEdge = 2e-6;

const markColumns = {
  IsOccluded: 'occluded',
  IsTruncated: 'truncated',
  IsDepiction: 'depiction',
  IsInside: 'inside',
} as const;

/** Flags of a box row; -1 means unknown. */
function marksOf(row: NamedRow): Partial<AnnotationRow> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [column, name] of Object.entries(markColumns)) {
    const value = row.get(column);
    if (value === '1' || value === '0') attributes[name] = value === '1';
  }
  const confidence = Number(row.get('Confidence') || '1');
  return {
    ...(row.get('IsGroupOf') === '1' && { crowd: true }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(Number.isFinite(confidence) && confidence !== 1 && { extra: { score: confidence } }),
  };
}
