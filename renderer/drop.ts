import type { HostBridge } from '../app/api/contract.ts';

/** What a person dropped on the window, as paths of this machine. */
export interface Dropped {
  readonly folders: readonly string[];
  /** Image files by the folder that they lie in, as paths relative to it. */
  readonly images: ReadonlyMap<string, readonly string[]>;
  readonly project: string | null;
}

/** A dropped file or folder: its path, and which of both it is. */
export interface DroppedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/** The paths of what was dropped; null where the host cannot know them, or nothing with a path was dropped. */
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

/** Sorts what was dropped by what can be done with it. Files that are no projects are offered as images. */
export function sortDrop(paths: readonly DroppedPath[]): Dropped {
  const images = new Map<string, string[]>();
  for (const { path, isFolder } of paths) {
    if (isFolder || isProject(path)) continue;
    const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
    const folder = path.slice(0, at) || path.slice(0, at + 1);
    images.set(folder, [...(images.get(folder) ?? []), path.slice(at + 1)]);
  }
  return {
    folders: paths.filter(({ isFolder }) => isFolder).map(({ path }) => path),
    images,
    project: paths.find(({ path, isFolder }) => !isFolder && isProject(path))?.path ?? null,
  };
}

const isProject = (path: string) => path.toLowerCase().endsWith('.pixelsail');
