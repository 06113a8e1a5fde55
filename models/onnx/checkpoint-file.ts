import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { onnxFailure } from './sentences.ts';

/** Large enough for any vocabulary or list of shards. */
export const maximumTextBytes = 128 << 20;

/**
 * Where a file of a checkpoint really lies. A list of shards, or a link, must not lead to other
 * files of this machine; only the links of Hugging Face's cache may leave the folder, for the
 * `blobs` that all snapshots of a model share.
 * @throws AppError `checkpoint-invalid` when it lies elsewhere, is no plain file or is larger than
 * asked for; the file system's error when there is none
 */
export async function locateCheckpointFile(
  directory: string,
  name: string,
  maximumBytes = Infinity,
): Promise<string> {
  const path = join(directory, name);
  if (name !== basename(name) || name.includes('\\') || name === '..') {
    throw onnxFailure('checkpoint-invalid', 'checkpointFileOutside', { path });
  }
  const [root, file] = await Promise.all([realpath(directory), realpath(path)]);
  const isInside = [root, ...sharedBlobs(root)].some((folder) => file.startsWith(folder + sep));
  if (!isInside) throw onnxFailure('checkpoint-invalid', 'checkpointFileOutside', { path });
  const found = await stat(file);
  if (!found.isFile()) throw onnxFailure('checkpoint-invalid', 'checkpointFileNotPlain', { path });
  if (found.size > maximumBytes) {
    const parts = { path, bytes: found.size, maximumBytes };
    throw onnxFailure('checkpoint-invalid', 'packageFileTooLarge', parts);
  }
  return file;
}

/** The cache is laid out as `<model>/snapshots/<revision>/<link>` and `<model>/blobs/<hash>`. */
function sharedBlobs(root: string): string[] {
  const snapshots = dirname(root);
  return basename(snapshots) === 'snapshots' ? [join(dirname(snapshots), 'blobs')] : [];
}
