import { encode } from 'fast-png';
import { rleArea, rleBox } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { cocoCategory, cocoImage, cocoStart } from '../coco-written.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { stemOf } from '../file-paths.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { isObject, otherKeys } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { annotationNote, pixelsOf, writtenTexts } from '../written-notes.ts';
import { emptyIdMap, masksOf, paint, type IdMap } from './id-map.ts';
import type { PhotosOptions } from '../photos-option.ts';
import { panopticProblem } from './sentences.ts';

type Note = (note: WrittenNote) => void;

const segmentKeys = [
  ...['id', 'category_id', 'area', 'bbox', 'iscrowd'],
  ...['description', 'caption', 'texts', 'attributes'],
];

/**
 * Writes `annotations/panoptic_<split>.json` and, in a folder of the same name, a picture for each
 * image. Notes are made while the pictures are written; the rows are made a second time for the
 * file.
 */
export async function writePanoptic(
  source: DatasetSource,
  { photos }: PhotosOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  const names = new PictureNames();
  const subsets = new Set<string>();
  for (const image of source.images()) {
    const subset = subsetOf(image);
    subsets.add(subset);
    const png = pngOf(segmentsOf(image, note).map);
    await output.write(`annotations/panoptic_${subset}/${names.of(image)}`, png);
    if (photos) await output.photo(`images/${subset}/${image.fileName}`, image.image.id);
  }
  if (subsets.size === 0) subsets.add('all');
  for (const subset of subsets) {
    const path = `annotations/panoptic_${subset}.json`;
    await output.stream(path, fileOf(source, subset, names));
  }
}

function* fileOf(
  source: DatasetSource,
  subset: string,
  names: PictureNames,
): Generator<string, void> {
  yield cocoStart(source);
  const categories = source.categories.map((each) => ({
    isthing: 1,
    ...cocoCategory(each),
    color: bytesOf(each.category.color),
  }));
  yield* jsonListPieces('"categories":[', categories, '],\n');
  yield* jsonListPieces('"images":[', imagesOf(source, subset, cocoImage), '],\n');
  const rowOf = (image: SourceImage): object => annotationRow(image, names);
  yield* jsonListPieces('"annotations":[', imagesOf(source, subset, rowOf), ']}\n');
}

function* imagesOf(
  source: DatasetSource,
  subset: string,
  rowOf: (image: SourceImage) => object,
): Generator<object, void> {
  for (const image of source.images()) if (subsetOf(image) === subset) yield rowOf(image);
}

function subsetOf({ image }: SourceImage): string {
  return image.split ? splitFolders[image.split] : 'all';
}

function annotationRow(image: SourceImage, names: PictureNames): object {
  const { segments } = segmentsOf(image, () => {});
  const { texts } = image;
  return {
    image_id: image.exportId,
    file_name: names.of(image),
    segments_info: segments.map(({ id, written, rle }) => {
      const { annotation, category } = written;
      const kept = annotation.extra['attributes'];
      const attributes = { ...(isObject(kept) && kept), ...annotation.attributes };
      const first = written.texts.find(({ kind }) => kind === 'description');
      const isAll = written.texts.length === (first ? 1 : 0);
      return {
        ...otherKeys(annotation.extra, segmentKeys),
        id,
        category_id: category!.exportId,
        area: rleArea(rle),
        bbox: rleBox(rle),
        iscrowd: annotation.crowd ? 1 : 0,
        ...(first?.kind === 'description' && { description: first.text }),
        ...(!isAll && { texts: writtenTexts(written.texts) }),
        ...(Object.keys(attributes).length > 0 && { attributes }),
      };
    }),
    ...(texts.length > 0 && { texts: writtenTexts(texts) }),
  };
}

interface Segment {
  /** The colour of its pixels. */
  readonly id: number;
  readonly written: SourceAnnotation;
  /** The visible part of it. */
  readonly rle: Rle;
}

/** The segments of an image: of regions that overlap, the upper one has the pixels. */
function segmentsOf(
  image: SourceImage,
  note: Note,
): { readonly map: IdMap; readonly segments: readonly Segment[] } {
  const map = emptyIdMap(image.image.width, image.image.height);
  const painted: { id: number; written: SourceAnnotation; area: number }[] = [];
  const lose = (written: SourceAnnotation, problem: WrittenNote['problem']): void =>
    note(annotationNote(image, written, true, problem));
  for (const [index, written] of image.annotations().entries()) {
    const { annotation, category } = written;
    const rle = pixelsOf(annotation, image.image);
    if (category === null || rle === null) {
      const name = category === null ? 'writtenWithoutCategory' : 'writtenEmpty';
      lose(written, regionProblem(name, {}));
      continue;
    }
    if (annotation.geometry.kind === 'box') {
      note(annotationNote(image, written, false, panopticProblem('panopticBox', {})));
    }
    const id = colourOf(index);
    paint(map, rle, id);
    painted.push({ id, written, area: rleArea(rle) });
  }
  const masks = masksOf(map);
  const segments = painted.flatMap(({ id, written, area }): Segment[] => {
    const rle = masks.get(id);
    if (rle === undefined) {
      lose(written, panopticProblem('panopticHidden', {}));
      return [];
    }
    const pixels = area - rleArea(rle);
    if (pixels > 0) {
      const problem = panopticProblem('panopticCovered', { pixels, of: area });
      note(annotationNote(image, written, false, problem));
    }
    return [{ id, written, rle }];
  });
  return { map, segments };
}

/** As panoptic files have a category's colour: `[red, green, blue]`. */
function bytesOf(color: string): number[] {
  return [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
}

/**
 * Colours far from each other, so that people can tell neighbours apart; all different, never
 * black.
 */
function colourOf(index: number): number {
  // An odd factor permutes the 2^24 colours.
  return Number((BigInt(index + 1) * 10368889n) % 16777216n);
}

function pngOf({ width, height, ids }: IdMap): Uint8Array {
  const data = new Uint8Array(ids.length * 3);
  for (let pixel = 0; pixel < ids.length; pixel++) {
    const id = ids[pixel]!;
    data[3 * pixel] = id & 255;
    data[3 * pixel + 1] = (id >> 8) & 255;
    data[3 * pixel + 2] = id >> 16;
  }
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/**
 * The names of the pictures, no two alike: a photo whose name differs from another's in its ending
 * keeps its ending.
 */
class PictureNames {
  readonly #names = new Map<number, string>();
  readonly #taken = new Set<string>();

  of({ exportId, fileName }: SourceImage): string {
    const known = this.#names.get(exportId);
    if (known !== undefined) return known;
    const usual = `${stemOf(fileName)}.png`;
    const name = this.#taken.has(usual.toLowerCase()) ? `${fileName}.png` : usual;
    this.#taken.add(name.toLowerCase());
    this.#names.set(exportId, name);
    return name;
  }
}

/** The masks of the image that was asked for last: annotations are asked for one by one. */
let latest: { readonly image: SourceImage; readonly shapes: ReadonlyMap<number, Rle> } | null =
  null;

/** The annotation as a reader sees it; null if it is not written. */
export function panopticShape(annotation: SourceAnnotation, image: SourceImage): RowShape | null {
  if (latest?.image !== image) {
    const { segments } = segmentsOf(image, () => {});
    const shapes = segments.map(({ written, rle }) => [written.exportId, rle] as const);
    latest = { image, shapes: new Map(shapes) };
  }
  const rle = latest.shapes.get(annotation.exportId);
  return rle ? { kind: 'mask', rle } : null;
}
