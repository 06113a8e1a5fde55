import { statSync } from 'node:fs';

/** The identity of a file, which changes when it is replaced or written to. */
export interface FileMark {
  /** Device and inode. */
  readonly identity: string;
  readonly bytes: string;
  readonly modifiedNs: string;
}

/** Null where there is no such file. */
export function markOf(file: string): FileMark | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!found) return null;
  return {
    identity: `${found.dev}:${found.ino}`,
    bytes: String(found.size),
    modifiedNs: String(found.mtimeNs),
  };
}

export function isSameMark(left: FileMark | null, right: FileMark | null): boolean {
  return (
    left?.identity === right?.identity &&
    left?.bytes === right?.bytes &&
    left?.modifiedNs === right?.modifiedNs
  );
}
