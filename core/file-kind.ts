import { failuresOf, type AppError } from './errors.ts';
import { sentenceSet } from './sentence-set.ts';

/** Kinds of entries under a file name. */
export type FileKind = 'file' | 'folder' | 'pipe' | 'socket' | 'device' | 'broken-link';

const kinds: Readonly<Record<FileKind, string>> = {
  file: 'a file',
  folder: 'a folder',
  pipe: 'a named pipe',
  socket: 'a socket',
  device: 'a device',
  'broken-link': 'a link that leads nowhere',
};

const chineseKinds: Readonly<Record<FileKind, string>> = {
  file: '文件',
  folder: '文件夹',
  pipe: '命名管道',
  socket: '套接字',
  device: '设备',
  'broken-link': '失效的链接',
};

const sentences = sentenceSet(
  {
    notPlainFile: ({ path, kind }: { path: string; kind: FileKind }) =>
      `${path} is ${kinds[kind]}, but a plain file is needed. Choose a file.`,
  },
  {
    notPlainFile: ({ path, kind }) =>
      `${path} 是${chineseKinds[kind]}，而这里需要普通文件。请选择一个文件。`,
  },
);

/** The error of a name under which another thing than a plain file lies: `invalid-input`. */
export function notPlainFile(path: string, kind: FileKind): AppError {
  return failuresOf(sentences)('invalid-input', 'notPlainFile', { path, kind });
}

/** File system information about an entry. */
interface FoundFile {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

/** The kind of file under a name, links followed. */
export function kindOf(found: FoundFile): Exclude<FileKind, 'broken-link'> {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}
