import type { AppError } from '../../errors.ts';
import { geometryArea } from '../../geometry/region.ts';
import { rleUnion } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';
import type { Split } from '../../records.ts';
import { csvRow } from '../csv.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { colorFromText, greyPng, indexedPng } from '../label-image.ts';
import { noteWritten } from '../left-out.ts';
import { exportStems, lastPart } from '../photo-files.ts';
import { regionWithoutPixels } from '../region-without-pixels.ts';
import { datasetProblem } from '../sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { paintMask, visibleRegions } from '../visible-regions.ts';
import type { MaskWriteOptions } from './options.ts';
import { maskProblem } from './sentences.ts';

const divisor = 1000;
const mostClassesOfObjects = 65;
/** 255 is for what is left out. */
const mostClassesOfBytes = 254;

/**
 * Writes `classes.csv` and `masks/<split>/…`, and the photos below `images` where they are wanted.
 */
export async function writeMasks(
  source: DatasetSource,
  options: MaskWriteOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  const values = new Map(
    source.categories.map(({ exportId }, index) => [exportId, valueOf(index)]),
  );
  const colors = source.categories.map(({ category }) => category.color);
  await output.write(
    'classes.csv',
    [
      csvRow(['index', 'name', 'color', 'parent']),
      csvRow([0, 'background', '#000000', '']),
      ...source.categories.map(({ category, parentName }, index) =>
        csvRow([valueOf(index), category.name, category.color, parentName ?? '']),
      ),
    ].join(''),
  );
  const palette = [0, ...colors.slice(0, mostClassesOfBytes).map(colorFromText)];
  const stem = exportStems(source);
  for (const image of source.images()) {
    const { width, height } = image.image;
    const isBytes = options.kind === 'semantic' && colors.length <= mostClassesOfBytes;
    const pixels = isBytes ? new Uint8Array(width * height) : new Uint16Array(width * height);
    for (const region of writtenRegions(image, options)) {
      noteWritten(region, image, [], note);
      if (region.rle === null) continue;
      const value = values.get(region.annotation.category!.exportId)!;
      const isObject = options.kind === 'instance';
      paintMask(pixels, region.rle, isObject ? value * divisor + region.number : value);
    }
    const name = `${folderOf(image.image.split)}${stem(image.fileName)}`;
    const png =
      pixels instanceof Uint8Array
        ? indexedPng(width, height, pixels, palette)
        : greyPng(width, height, pixels);
    await output.write(`masks/${name}.png`, png);
    if (options.photos) {
      const ending = /\.[^.]*$/.exec(lastPart(image.fileName))?.[0] ?? '';
      await output.photo(`images/${name}${ending}`, image.image.id);
    }
  }
}

/** The value of the category at a place: after the background, and none that readers leave out. */
function valueOf(index: number): number {
  return index < mostClassesOfBytes ? index + 1 : index + 2;
}

function folderOf(split: Split | null): string {
  return split === null ? 'unsplit/' : `${splitFolders[split]}/`;
}

/**
 * The file name that a reading gives of an image, but for its ending where there is no photo
 * beside the mask.
 */
export function expectedMaskName({ image, fileName }: SourceImage): string {
  return `images/${folderOf(image.split)}${fileName}`;
}

interface WrittenRegion {
  readonly annotation: SourceAnnotation;
  /** The pixels that it gets; null for none. */
  readonly rle: Rle | null;
  /** Among those of its category in the image, from 1. */
  readonly number: number;
  /** The annotation as read back; null if it is merged with another or not written. */
  readonly read: Rle | null;
  readonly problems: readonly { readonly isLoss: boolean; readonly problem: AppError }[];
}

/** A proof asks for the annotations of an image one by one. */
const worked = new WeakMap<
  SourceImage,
  { readonly kind: MaskWriteOptions['kind']; readonly regions: readonly WrittenRegion[] }
>();

function writtenRegions(image: SourceImage, { kind }: MaskWriteOptions): readonly WrittenRegion[] {
  const cached = worked.get(image);
  if (cached?.kind === kind) return cached.regions;
  const regions = workOut(image, kind);
  worked.set(image, { kind, regions });
  return regions;
}

function workOut(image: SourceImage, kind: MaskWriteOptions['kind']): WrittenRegion[] {
  const numbers = new Map<number, number>();
  const leftOut: WrittenRegion[] = [];
  const kept = image.annotations().flatMap((annotation) => {
    const { category } = annotation;
    const number = category === null ? 0 : (numbers.get(category.exportId) ?? 0) + 1;
    const reason = reasonAgainst(annotation, image, number, kind);
    if (reason !== null) {
      const problems = [{ isLoss: true, problem: reason }];
      leftOut.push({ annotation, rle: null, number: 0, read: null, problems });
      return [];
    }
    numbers.set(category!.exportId, number);
    return [{ annotation, number }];
  });
  const seen = visibleRegions(
    image,
    kept.map(({ annotation }) => annotation),
  );
  const unions = new Map<number, Rle>();
  for (const { annotation, rle } of seen) {
    const id = annotation.category!.exportId;
    const before = unions.get(id);
    if (rle !== null) unions.set(id, before ? rleUnion(before, rle) : rle);
  }
  const read = new Set<number>();
  const written = seen.map(({ annotation, rle, hidden }, index): WrittenRegion => {
    const id = annotation.category!.exportId;
    const { geometry } = annotation.annotation;
    const isMerged = kind === 'semantic' && rle !== null && read.has(id);
    if (rle !== null) read.add(id);
    const problems = [
      ...(geometry.kind === 'box' || geometry.kind === 'polygon'
        ? [maskProblem('maskOfOtherShape', { kind: geometry.kind })]
        : []),
      ...(hidden > 0 && rle !== null ? [maskProblem('maskHidden', { hidden })] : []),
      ...(isMerged ? [maskProblem('maskMerged', {})] : []),
    ].map((problem) => ({ isLoss: false, problem }));
    return {
      annotation,
      rle,
      number: kept[index]!.number,
      read: rle === null || isMerged ? null : kind === 'semantic' ? unions.get(id)! : rle,
      problems:
        rle === null ? [{ isLoss: true, problem: maskProblem('maskAllHidden', {}) }] : problems,
    };
  });
  return [...written, ...leftOut];
}

function reasonAgainst(
  { annotation, category }: SourceAnnotation,
  { image }: SourceImage,
  number: number,
  kind: MaskWriteOptions['kind'],
): AppError | null {
  if (category === null) return datasetProblem('exportWithoutCategory', {});
  const isEmpty = geometryArea(annotation.geometry, image.width, image.height) === 0;
  if (isEmpty) return regionWithoutPixels(annotation.geometry);
  // The place of a category among all is never after its export id.
  const isRoom = category.exportId <= mostClassesOfObjects - 1 && number < divisor;
  return kind === 'semantic' || isRoom
    ? null
    : maskProblem('maskTooMany', { classes: mostClassesOfObjects - 1, objects: divisor - 1 });
}

/** The expected result of reading; see {@link DatasetWriter.expected}. */
export function expectedMask(
  annotation: SourceAnnotation,
  image: SourceImage,
  options: MaskWriteOptions,
): RowShape | null {
  const region = writtenRegions(image, options).find(
    (candidate) => candidate.annotation.exportId === annotation.exportId,
  );
  return region?.read ? { kind: 'mask', rle: region.read } : null;
}
