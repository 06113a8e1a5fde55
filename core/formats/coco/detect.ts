import type { DatasetFiles } from '../dataset-files.ts';
import type { Likeness } from '../format.ts';
import { cocoFailure } from './sentences.ts';

/** Files of a folder that are looked into. */
const looked = 20;

/**
 * How sure it is that a dataset is a COCO file, or a folder that holds one where COCO and Roboflow
 * put it.
 */
export async function detectCoco(files: DatasetFiles): Promise<Likeness> {
  if (files.given !== null) {
    const likeness = await likenessOf(files, files.given);
    // A JSON file that no other format recognises is tried as COCO; the import reports its
    // problems.
    return likeness === 'none' && /\.json$/i.test(files.given) ? 'possible' : likeness;
  }
  const candidates = await annotationFiles(files);
  for (const path of candidates.slice(0, looked)) {
    const likeness = await likenessOf(files, path);
    if (likeness !== 'none') return candidates.length === 1 ? likeness : 'possible';
  }
  return 'none';
}

/**
 * The annotation file of a dataset: the one that was given, or the only one of a folder.
 * @throws AppError `dataset-invalid` naming those of a folder that has several.
 */
export async function annotationFile(files: DatasetFiles): Promise<string> {
  if (files.given !== null) return files.given;
  const candidates = await annotationFiles(files);
  if (candidates.length === 1) return candidates[0]!;
  throw cocoFailure('dataset-invalid', 'cocoSeveralFiles', { files: candidates.slice(0, looked) });
}

async function annotationFiles(files: DatasetFiles): Promise<readonly string[]> {
  const paths = await files.list();
  return paths.filter((path) => /^annotations\/[^/]+\.json$|\.coco\.json$/i.test(path));
}

/**
 * Panoptic files have the same sections, but their regions lie in pictures. Captions and keypoints
 * are imported here, too.
 */
async function likenessOf(files: DatasetFiles, path: string): Promise<Likeness> {
  const text = readable(await files.start(path));
  if (!/^\s*\{/.test(text)) return 'none';
  const has = (key: string): boolean => new RegExp(`"${key}"\\s*:`).test(text);
  const isPanoptic = has('segments_info') || /(^|\/)panoptic_[^/]*$/i.test(path);
  if (isPanoptic) return 'possible';
  if (/"(images|annotations)"\s*:\s*\[/.test(text)) {
    return has('file_name') || has('bbox') || has('segmentation') ? 'certain' : 'possible';
  }
  return has('images') || has('annotations') || has('categories') || has('licenses')
    ? 'possible'
    : 'none';
}

/** The text, of which a file in UTF-16 has every second byte. */
function readable(start: Uint8Array): string {
  return new TextDecoder().decode(start.filter((byte) => byte !== 0));
}
