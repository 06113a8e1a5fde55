import type { ImageRecord, RecordId } from '../records.ts';

/**
 * The `file_name` of images: the path inside the image folder, `/` separated; where there are
 * several folders, after the folder's own name, so that equal paths in two folders stay two files.
 * Paths of the disk above the folders do not leave the project.
 */
export function exportFileNames(
  folders: readonly { readonly id: RecordId; readonly path: string }[],
): (image: ImageRecord) => string {
  if (folders.length < 2) return (image) => image.path;
  const prefixes = new Map<RecordId, string>();
  const taken = new Set<string>();
  for (const { id, path } of folders) {
    const name =
      path.split(/[\\/]/).findLast((piece) => !['', '.', '..'].includes(piece)) ?? 'images';
    // Some disks do not tell upper from lower case.
    let candidate = name;
    for (let count = 2; taken.has(candidate.toLowerCase()); count++) candidate = `${name}-${count}`;
    taken.add(candidate.toLowerCase());
    prefixes.set(id, candidate);
  }
  return (image) => `${prefixes.get(image.folderId) ?? image.folderId}/${image.path}`;
}
