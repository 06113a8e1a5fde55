import { createHash } from 'node:crypto';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import type { ComparedRegion } from '../../../core/compare/match-regions.ts';
import type { AnnotationRow, ImageRow } from '../../../core/formats/dataset-row.ts';
import { exportFileNames } from '../../../core/formats/export-file-names.ts';
import { isPhoto } from '../../../core/formats/photo-files.ts';
import { readShape } from '../../../core/formats/row-shape.ts';
import { scaleBetween, scaledRow } from '../../../core/formats/scale.ts';
import { datasetProblem } from '../../../core/formats/sentences.ts';
import { imageFinder } from '../../../core/project/image-names.ts';
import { scaleKeypoints } from '../../../core/project/keypoints.ts';
import type { Annotation } from '../../../core/records.ts';
import type { ProjectReader } from '../../../db/project.ts';
import type { ImportNote } from '../../api/contract/dataset.ts';
import { openDataset } from '../../files/dataset-on-disk.ts';
import { readDataset } from '../../files/read-dataset.ts';

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
  /** Its regions in the frame of a size; what cannot be put there is noted. */
  regions(frame: Size, note: (note: ImportNote) => void): readonly Region[];
}

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
  const notes: ImportNote[] = [];
  for await (const row of readDataset(path)) {
    if (row.kind === 'image') rows.set(row.key, row);
    if (row.kind === 'note' && row.isLoss) {
      notes.push(noteOf(row.place, row.problem));
    }
    if (row.kind !== 'annotation') continue;
    const before = annotations.get(row.image);
    if (before) before.push(row);
    else annotations.set(row.image, [row]);
  }
  const hashOf = await photoHashes(path);
  const images = Array.from(rows.values(), (row): ComparedImage => ({
    name: row.fileName.replaceAll('\\', '/').replace(/^(\.\/)+/, ''),
    size: row.size,
    contentHash: () => hashOf(row.fileName),
    regions: (frame, note) =>
      (annotations.get(row.key) ?? []).flatMap(
        (each) => regionOf(each, row.size, frame, note) ?? [],
      ),
  }));
  return { images, notes };
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
    return { ...region, besides };
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
  const images = Array.from(project.exportImages(), ({ image }): ComparedImage => ({
    name: nameOf(image),
    size: image,
    contentHash: () => Promise.resolve(image.sha256 || null),
    regions: () =>
      project.annotations(image.id).map((annotation, index) => ({
        place: `${image.path}, region ${index + 1}`,
        category: categories.get(annotation.categoryId ?? '') ?? null,
        shape: annotation,
        annotation,
      })),
  }));
  return { images, notes: [] };
}
