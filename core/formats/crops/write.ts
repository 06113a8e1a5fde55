import { enclosesPixels, geometryRle } from '../../geometry/region.ts';
import { csvRow } from '../csv.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type { DatasetSource, RowShape, SourceAnnotation, WrittenNote } from '../dataset-row.ts';
import { stemOf } from '../photo-files.ts';
import { regionWithoutPixels } from '../region-without-pixels.ts';
import { datasetProblem } from '../sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { annotationNote } from '../written-notes.ts';
import { cropBox } from './crop-box.ts';
import { folderNames } from './folder-names.ts';
import type { CropOptions } from './options.ts';

/** The table of all crops, beside their folders. */
export const indexFile = 'index.csv';

/** The row of a crop in the table; coordinates in pixels of the photo. */
export const indexColumns = [
  ...['file', 'split', 'category', 'annotation_id', 'image_id', 'file_name'],
  ...['image_width', 'image_height', 'crop_x', 'crop_y', 'crop_width', 'crop_height'],
  ...['x', 'y', 'width', 'height'],
] as const;

/**
 * Writes a photo of each region into the folder of its category, as ImageFolder of torchvision
 * reads them, and the table.
 */
export async function writeCrops(
  source: DatasetSource,
  { file, margin, cutOut }: CropOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  const folders = folderNames(source.categories);
  const hasSplits = Array.from(source.images(), ({ image }) => image.split).some(
    (split) => split !== null,
  );
  const ending = file === 'png' ? 'png' : 'jpg';
  let table = csvRow(indexColumns);
  for (const image of source.images()) {
    const { width, height, split } = image.image;
    // ImageFolder takes a folder of a split for itself, so that images without one need a folder,
    // too.
    const splitFolder = split === null ? 'unassigned' : splitFolders[split];
    for (const written of image.annotations()) {
      if (cropShape(written) === null) {
        const problem =
          written.category === null
            ? datasetProblem('exportWithoutCategory', {})
            : regionWithoutPixels(written.annotation.geometry);
        note(annotationNote(image, written, true, problem));
        continue;
      }
      const { annotation, exportId } = written;
      const category = written.category!;
      const box = cropBox(annotation.bbox, margin, image.image);
      const stem = stemOf(image.fileName).replaceAll('/', '__');
      const path = [
        ...(hasSplits ? [splitFolder] : []),
        folders.get(category.exportId)!,
        `${stem}_${exportId}.${ending}`,
      ].join('/');
      const isCutOut = file === 'png' && cutOut && enclosesPixels(annotation.geometry);
      const mask = isCutOut ? geometryRle(annotation.geometry, width, height) : null;
      await output.crop(path, image.image.id, { box, file, mask });
      table += csvRow([
        ...[path, split ?? '', category.category.name, exportId, image.exportId, image.fileName],
        ...[width, height, ...box, ...annotation.bbox],
      ]);
    }
  }
  await output.write(indexFile, table);
}

/** The box, which the table has; null where a crop would show nothing, or belong to no folder. */
export function cropShape({ annotation, category }: SourceAnnotation): RowShape | null {
  const [, , width, height] = annotation.bbox;
  if (category === null || !(width > 0 && height > 0)) return null;
  return { kind: 'box', box: [...annotation.bbox] };
}
