import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** The kind of an entry that is not a regular file. */
export type PackageFileKind = 'link' | 'folder' | 'file' | 'pipe' | 'socket' | 'device';

const packageFileKinds: Readonly<Record<PackageFileKind, string>> = {
  link: 'a link',
  folder: 'a folder',
  file: 'a file, not a folder',
  pipe: 'a pipe',
  socket: 'a socket',
  device: 'a device',
};

const chineseFileKinds: Readonly<Record<PackageFileKind, string>> = {
  link: '链接',
  folder: '文件夹',
  file: '文件，而不是文件夹',
  pipe: '管道',
  socket: '套接字',
  device: '设备',
};

/** Failures of a model package. */
export const packageSentences = sentenceSet(
  {
    packageNotFound: ({ directory, path }: { directory: string; path: string }) =>
      `${directory} is not a model package: ${path} cannot be read.`,
    packageFileNotPlain: ({ path, kind }: { path: string; kind: PackageFileKind }) =>
      `${path} is ${packageFileKinds[kind]}; a model package consists of regular files inside its folder. ` +
      'Replace it with a copy of the file, or get the model from another source.',
    packageFileUnlisted: ({ path, file }: { path: string; file: string }) =>
      `${path} reads weights from "${file}", which the manifest does not list. Get the model from another source.`,
    packageFileMissing: ({ id, path }: { id: string; path: string }) =>
      `The file ${path} of the package ${id} is missing. Install the package again.`,
    packageFileSize: ({
      path,
      expected,
      found,
    }: {
      path: string;
      expected: number;
      found: number;
    }) =>
      `${path} has the wrong size: expected ${expected} bytes, found ${found}. Install the package again.`,
    packageFileContent: ({
      path,
      expected,
      found,
    }: {
      path: string;
      expected: string;
      found: string;
    }) =>
      `${path} has the wrong content: expected sha256 ${expected}, found ${found}. Install the package again.`,
  },
  {
    packageNotFound: ({ directory, path }) => `${directory} 不是模型包：无法读取 ${path}。`,
    packageFileNotPlain: ({ path, kind }) =>
      `${path} 是${chineseFileKinds[kind]}；模型包只能由位于其文件夹内的普通文件组成。请换成文件的副本，或另寻来源获取该模型。`,
    packageFileUnlisted: ({ path, file }) =>
      `${path} 从“${file}”读取权重，而清单没有列出该文件。请另寻来源获取该模型。`,
    packageFileMissing: ({ id, path }) => `模型包 ${id} 缺少文件 ${path}。请重新安装。`,
    packageFileSize: ({ path, expected, found }) =>
      `${path} 大小不对：应为 ${expected} 字节，实为 ${found} 字节。请重新安装模型包。`,
    packageFileContent: ({ path, expected, found }) =>
      `${path} 内容不对：应有 sha256 ${expected}，实为 ${found}。请重新安装模型包。`,
  },
);

export const packageFailure = failuresOf(packageSentences);
