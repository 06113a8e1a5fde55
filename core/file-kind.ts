import type { FileKind } from './sentences.ts';

/** What the file system tells of what lies under a name. */
interface FoundFile {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

/** What lies under a name, links followed. */
export function kindOf(found: FoundFile): Exclude<FileKind, 'broken-link'> {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}
