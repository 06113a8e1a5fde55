import { createHash } from 'node:crypto';
import { AppError } from '../../../core/errors.ts';
import type { ComparedRegion } from '../../../core/compare/match-regions.ts';
import type { AnnotationRow, ImageRow } from '../../../core/formats/dataset-row.ts';
import { exportFileNames } from '../../../core/formats/export-file-names.ts';
import { isPhoto } from '../../../core/formats/photo-files.ts';
import { readShape } from '../../../core/formats/row-shape.ts';
import { scaleBetween } from '../../../core/formats/scale.ts';
import { datasetProblem } from '../../../core/formats/sentences.ts';
import { imageFinder } from '../../../core/project/image-names.ts';
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
  regions(
    frame: Size,
    note: (note: ImportNote) => void,
  ): readonly (ComparedRegion & { readonly annotation?: Annotation })[];
}

/** The images of a dataset in any format, with what of them could not be read. */
export async function datasetSide(
  path: string,
): Promise<{ readonly images: readonly ComparedImage[]; readonly notes: readonly ImportNote[] }> {
  const rows = new Map<string, ImageRow>();
  const annotations = new Map<string, AnnotationRow[]>();
  const notes: ImportNote[] = [];
  for await (const row of readDataset(path)) {
    if (row.kind === 'image') rows.set(row.key, row);
    if (row.kind === 'note' && row.isLoss) {
      notes.push({ what: row.place, reason: row.problem.message });
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
  { shape, unit = 'pixel', category, place }: AnnotationRow,
  size: Size | null,
  frame: Size,
  note: (note: ImportNote) => void,
): ComparedRegion | null {
  try {
    const isOther = size && (size.width !== frame.width || size.height !== frame.height);
    const scale = isOther ? scaleBetween(size, frame) : null;
    if (isOther && !scale) throw datasetProblem('rowImageOther', { written: size, ...frame });
    return { place, category, shape: readShape(shape, unit, frame, scale, () => undefined) };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    note({ what: place, reason: thrown.message });
    return null;
  }
}

/** The images of a project. */
export function projectSide(project: ProjectReader): readonly ComparedImage[] {
  const nameOf = exportFileNames(project.folders());
  const categories = new Map(project.categories().map(({ id, name }) => [id, name]));
  return Array.from(project.exportImages(), ({ image }): ComparedImage => ({
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
}
