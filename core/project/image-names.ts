import type { ImageRecord, RecordId } from '../records.ts';

/** The last part of a path, whatever its separators, in Unicode NFC: macOS writes file names in NFD. */
export function imageBaseName(path: string): string {
  return path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1).normalize('NFC');
}

/** The image that a file name means, the paths where it may mean several, or null for none. */
export type FoundImage = ImageRecord | readonly string[] | null;

/**
 * Finds the image that a dataset's `file_name` means: the one whose path is the name, else the only one whose path ends
 * with the name or the other way round, compared in Unicode NFC.
 * @param folderId folder whose images go first; where none of them has the last part of the name, the other
 *   folders' do
 */
export function imageFinder(
  images: Iterable<ImageRecord>,
  folderId: RecordId | null = null,
): (fileName: string) => FoundImage {
  const byName = new Map<string, ImageRecord[]>();
  for (const image of images) {
    const name = imageBaseName(image.path);
    const same = byName.get(name);
    if (same) same.push(image);
    else byName.set(name, [image]);
  }
  return (fileName) => {
    const wanted = rooted(fileName);
    const all = (byName.get(imageBaseName(fileName)) ?? []).map((image) => ({
      image,
      path: rooted(image.path),
    }));
    const own = all.filter(({ image }) => image.folderId === folderId);
    const candidates = own.length > 0 ? own : all;
    const exact = candidates.filter(({ path }) => path === wanted);
    const alike = candidates.filter(({ path }) => path.endsWith(wanted) || wanted.endsWith(path));
    const found = exact.length > 0 ? exact : alike;
    return found.length > 1 ? found.map(({ image }) => image.path) : (found[0]?.image ?? null);
  };
}

/** A path with one spelling of its separators and a leading one, so that only whole parts are compared. */
function rooted(path: string): string {
  return `/${path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC')}`;
}
