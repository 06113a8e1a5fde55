import type { HostBridge } from '../app/api/contract.ts';

/** Paths of the files dropped on the window. */
export interface Dropped {
  readonly folders: readonly string[];
  /** Image files by the folder that they lie in, as paths relative to it. */
  readonly images: ReadonlyMap<string, readonly string[]>;
  readonly project: string | null;
  /** An annotation file, or a zip archive. */
  readonly dataset: string | null;
}

/** A dropped file or folder: its path, and which of both it is. */
export interface DroppedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * The paths of what was dropped; null where the host cannot know them, or nothing with a path was
 * dropped.
 */
export function pathsOfDrop({ dataTransfer }: DragEvent, bridge: HostBridge): DroppedPath[] | null {
  const { pathOfFile } = bridge;
  if (!pathOfFile || !dataTransfer) return null;
  const paths = Array.from(dataTransfer.items).flatMap((item) => {
    const file = item.getAsFile();
    const path = file && pathOfFile(file);
    return path ? [{ path, isFolder: item.webkitGetAsEntry()?.isDirectory ?? false }] : [];
  });
  return paths.length > 0 ? paths : null;
}

/**
 * Sorts what was dropped by what can be done with it. Files of an unknown kind are offered as
 * images.
 */
export function sortDrop(paths: readonly DroppedPath[]): Dropped {
  const files = paths.filter(({ isFolder }) => !isFolder).map(({ path }) => path);
  const images = new Map<string, string[]>();
  for (const path of files) {
    if (isProject(path) || isDataset(path)) continue;
    const folder = folderOf(path);
    images.set(folder, [...(images.get(folder) ?? []), path.slice(lastSeparator(path) + 1)]);
  }
  return {
    folders: paths.filter(({ isFolder }) => isFolder).map(({ path }) => path),
    images,
    project: files.find(isProject) ?? null,
    dataset: files.find(isDataset) ?? null,
  };
}

/** Whether a file is taken for a dataset, by its name. */
export const isDataset = (name: string) => /\.(json|zip)$/i.test(name);

/** The folder that a file lies in. */
export function folderOf(path: string): string {
  const at = lastSeparator(path);
  return path.slice(0, at) || path.slice(0, at + 1);
}

const isProject = (path: string) => path.toLowerCase().endsWith('.pixelsail');

const lastSeparator = (path: string) => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
