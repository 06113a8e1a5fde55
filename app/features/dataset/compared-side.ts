import { createHash } from 'node:crypto';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import type { ComparedRegion } from '../../../core/compare/match-regions.ts';
import type { ComparedText } from '../../../core/compare/missing-texts.ts';
import type {
  AnnotationRow,
  ImageRow,
  ItemRow,
  RowText,
} from '../../../core/formats/dataset-row.ts';
import { exportFileNames } from '../../../core/formats/export-file-names.ts';
import { isPhoto } from '../../../core/formats/photo-files.ts';
import { readShape } from '../../../core/formats/row-shape.ts';
import { scaleBetween, scaledRow } from '../../../core/formats/scale.ts';
import { datasetProblem } from '../../../core/formats/sentences.ts';
import { imageFinder } from '../../../core/project/image-names.ts';
import { keypointsOf, scaleKeypoints } from '../../../core/project/keypoints.ts';
import { wordsOfText, type ItemWords } from '../../../core/project/make-item.ts';
import type { Annotation, Item, Keypoint } from '../../../core/records.ts';
import { taskOf } from '../../../core/tasks/registry.ts';
import { firstTag } from '../../../core/tasks/task.ts';
import type { ProjectReader } from '../../../db/project.ts';
import type { ImportNote } from '../../api/contract/dataset.ts';
import { openDataset } from '../../files/dataset-on-disk.ts';
import { readDataset } from '../../files/read-dataset.ts';
import { holdsItems } from './texts-of-rows.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** An image of one side of a comparison. */
export interface ComparedImage {
  readonly name: string;
  /** Null where the dataset does not say it. */
  readonly size: Size | null;
  /** sha256 of its photo; null where the dataset does not have it. */
  readonly contentHash: () => Promise<string | null>;
  /** Its regions in the frame of a size, with its texts; what cannot be put there is noted. */
  content(frame: Size, note: (note: ImportNote) => void): ComparedContent;
}

export interface ComparedContent {
  readonly regions: readonly Region[];
  readonly texts: readonly SideText[];
}

/** Words of a side, with what its rows say besides. */
export type SideText = ComparedText<Region> & {
  readonly place: string;
  readonly verdict?: RowText['verdict'];
  readonly extra?: Item['extra'];
};

/** One side of a comparison, with what of it could not be read. */
export interface ComparedSide {
  readonly images: readonly ComparedImage[];
  readonly notes: readonly ImportNote[];
}

/** A region of a side: of the project its annotation, of a dataset what its row says besides. */
export type Region = ComparedRegion & {
  readonly annotation?: Annotation;
  readonly besides?: Pick<Annotation, 'crowd' | 'attributes' | 'extra'> &
    Partial<Pick<Annotation, 'keypoints'>>;
};

/** A dataset in any format. */
export async function datasetSide(path: string): Promise<ComparedSide> {
  const rows = new Map<string, ImageRow>();
  const annotations = new Map<string, AnnotationRow[]>();
  const items = new Map<string, ItemRow[]>();
  const notes: ImportNote[] = [];
  // A format without keypoints, or a dataset without any, says nothing about them.
  let hasKeypoints = false;
  for await (const row of readDataset(path)) {
    if (row.kind === 'image') rows.set(row.key, row);
    if (row.kind === 'note' && row.isLoss) {
      notes.push(noteOf(row.place, row.problem));
    }
    if (row.kind === 'item') addTo(items, row);
    if (row.kind !== 'annotation') continue;
    addTo(annotations, row);
    hasKeypoints ||= keypointsOfRow(row) !== null;
  }
  const hashOf = await photoHashes(path);
  const images = Array.from(rows.values(), (row): ComparedImage => ({
    name: row.fileName.replaceAll('\\', '/').replace(/^(\.\/)+/, ''),
    size: row.size,
    contentHash: () => hashOf(row.fileName),
    content: (frame, note) => {
      const found = (annotations.get(row.key) ?? []).flatMap((each) => {
        const region = regionOf(each, row.size, frame, note);
        return region ? [[each, hasKeypoints ? region : withoutWord(region)] as const] : [];
      });
      return {
        regions: found.map(([, region]) => region),
        texts: textsOfRows(row, found, items.get(row.key) ?? [], note),
      };
    },
  }));
  return { images, notes };
}

function addTo<Row extends { readonly image: string }>(rows: Map<string, Row[]>, row: Row): void {
  const before = rows.get(row.image);
  if (before) before.push(row);
  else rows.set(row.image, [row]);
}

/** Some readers leave keypoints in `extra`. */
function keypointsOfRow({ keypoints, extra = {} }: AnnotationRow): readonly Keypoint[] | null {
  return keypoints ?? keypointsOf({ extra });
}

/** A region of a side that says nothing about keypoints. */
function withoutWord(region: Region): Region {
  return { ...region, keypoints: undefined };
}

/** The texts of an image; one about a region that is left out is left out with it. */
function textsOfRows(
  image: ImageRow,
  found: readonly (readonly [AnnotationRow, Region])[],
  items: readonly ItemRow[],
  note: (note: ImportNote) => void,
): SideText[] {
  const regions = new Map(found.flatMap(([{ key }, region]) => (key ? [[key, region]] : [])));
  const ofTexts = (texts: readonly RowText[] = [], place: string, region?: Region): SideText[] =>
    texts.map(({ verdict, ...text }) => {
      const words = wordsOfText(text);
      const role = taskOf(words.task).regionRole;
      const segments = region ? [{ tag: firstTag, role, region }] : [];
      return { place, words, segments, ...(verdict && { verdict }) };
    });
  const ofItems = items.flatMap(({ place, words, segments, extra }): SideText[] => {
    const about = segments.map(({ tag, role, annotation }) => ({
      ...{ tag, role },
      region: regions.get(annotation),
    }));
    const lost = about.find(({ region }) => region === undefined);
    if (lost) note(noteOf(place, datasetProblem('rowItemRegionLeftOut', { tag: lost.tag })));
    if (lost) return [];
    return [{ place, words, segments: about as SideText['segments'], ...(extra && { extra }) }];
  });
  return [
    ...ofTexts(image.texts, image.place),
    ...found.flatMap(([{ texts, place }, region]) => ofTexts(texts, place, region)),
    ...ofItems,
  ];
}

/** Finds the photo of an image among the files of a dataset, and reads it. */
async function photoHashes(path: string): Promise<(fileName: string) => Promise<string | null>> {
  const files = await openDataset(path);
  let find: ReturnType<typeof imageFinder<{ path: string; folderId: string }>> | null = null;
  return async (fileName) => {
    if (!find) {
      const photos = (await files.list()).filter(isPhoto);
      find = imageFinder(photos.map((photo) => ({ path: photo, folderId: '' })));
    }
    const found = find(fileName);
    if (found === null || !('path' in found)) return null;
    const hash = createHash('sha256');
    for await (const piece of files.byteChunks(found.path)) hash.update(piece);
    return hash.digest('hex');
  };
}

function regionOf(
  row: AnnotationRow,
  size: Size | null,
  frame: Size,
  note: (note: ImportNote) => void,
): Region | null {
  const { shape, unit = 'pixel', category, place, keypoints, crowd, attributes, extra } = row;
  try {
    const isOther = size && (size.width !== frame.width || size.height !== frame.height);
    const scale = isOther ? scaleBetween(size, frame) : null;
    if (isOther && !scale) throw datasetProblem('rowImageOther', { written: size, ...frame });
    const besides = {
      ...(keypoints && { keypoints: scale ? scaleKeypoints(keypoints, scale) : [...keypoints] }),
      ...{ crowd: crowd ?? false, attributes: { ...attributes } },
      // Some readers leave keypoints there.
      extra: (scale ? scaledRow(extra ?? {}, scale) : (extra ?? {})) as Annotation['extra'],
    };
    const region = {
      place,
      category,
      shape: readShape(shape, unit, frame, scale, () => undefined),
    };
    return { ...region, besides, keypoints: keypointsOf(besides) };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    note(noteOf(place, thrown));
    return null;
  }
}

function noteOf(what: string, problem: AppError): ImportNote {
  return { what, reason: problem.message, error: toErrorEnvelope(problem) };
}

/** A project, all of which can be read. */
export function projectSide(project: ProjectReader): ComparedSide {
  const nameOf = exportFileNames(project.folders());
  const categories = new Map(project.categories().map(({ id, name }) => [id, name]));
  const hasItems = holdsItems(project);
  const images = Array.from(project.exportImages(), ({ image }): ComparedImage => ({
    name: nameOf(image),
    size: image,
    contentHash: () => Promise.resolve(image.sha256 || null),
    content: () => {
      const regions = project.annotations(image.id).map((annotation, index) => ({
        place: `${image.path}, region ${index + 1}`,
        category: categories.get(annotation.categoryId ?? '') ?? null,
        shape: annotation,
        keypoints: keypointsOf(annotation),
        annotation,
      }));
      const items = hasItems ? project.items(image.id) : [];
      return { regions, texts: textsOfItems(items, regions, image.path) };
    },
  }));
  return { images, notes: [] };
}

function textsOfItems(
  items: readonly Item[],
  regions: readonly (Region & { readonly annotation: Annotation })[],
  path: string,
): SideText[] {
  const byId = new Map(regions.map((region) => [region.annotation.id, region]));
  return items.map(({ task, content, segments }, index) => ({
    place: `${path}, text ${index + 1}`,
    words: { task, content } as ItemWords,
    segments: segments.map(({ tag, role, annotationId }) => ({
      ...{ tag, role },
      region: byId.get(annotationId)!,
    })),
  }));
}
