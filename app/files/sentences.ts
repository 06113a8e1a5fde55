import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** The attempted action on a file, as a phrase after "Cannot". */
export type FileAction =
  | 'read'
  | 'use'
  | 'write'
  | 'list'
  | 'read the image'
  | 'read the settings'
  | 'write the settings'
  | 'put aside the settings'
  | 'restore the backup'
  | 'copy the sample photos'
  | 'import the folder'
  | 'import the model package'
  | 'delete the model'
  | 'make the folder';

const chineseActions: Readonly<Record<FileAction, string>> = {
  read: '读取',
  use: '使用',
  write: '写入',
  list: '列出',
  'read the image': '读取图像',
  'read the settings': '读取设置',
  'write the settings': '写入设置',
  'put aside the settings': '移开设置文件',
  'restore the backup': '恢复备份',
  'copy the sample photos': '复制示例照片',
  'import the folder': '导入文件夹',
  'import the model package': '导入模型包',
  'delete the model': '删除模型',
  'make the folder': '创建文件夹',
};

/** The kind of a file that an output must not replace. */
export type ProtectedKind =
  'project' | 'database' | 'image' | 'model' | 'package' | 'own-data' | 'input';

const protectedKinds: Readonly<Record<ProtectedKind, string>> = {
  project: 'named as part of a project',
  database: 'a project or another database',
  image: 'an image',
  model: 'a model file',
  package: 'inside a model package',
  'own-data': "inside this program's own data folder",
  input: 'an input of this command',
};

const chineseProtectedKinds: Readonly<Record<ProtectedKind, string>> = {
  project: '项目文件专用的名称',
  database: '项目或其他数据库',
  image: '图像',
  model: '模型文件',
  package: '模型包中的位置',
  'own-data': '本程序数据文件夹中的位置',
  input: '此命令的输入文件',
};

export type FileReason =
  | 'missing'
  | 'name-too-long'
  | 'impossible-name'
  | 'circle-of-links'
  | 'too-large'
  | 'disk-error'
  | 'not-a-folder'
  | 'is-a-folder'
  | 'exists'
  | 'no-permission'
  | 'read-only'
  | 'disk-full';

const fileReasons: Readonly<Record<FileReason, string>> = {
  missing: 'it does not exist. Check the path',
  'name-too-long': 'the name is too long. Choose a shorter one',
  'impossible-name': 'no file can have this name. Choose another name',
  'circle-of-links': 'its links form a circle. Correct the links',
  'too-large': 'it is too large to be read as a whole. Choose a smaller file',
  'disk-error': 'the disk reports an error. Check the disk',
  'not-a-folder': 'it is not a folder. Choose the folder itself',
  'is-a-folder': 'it is a folder. Choose a file',
  exists: 'it exists already. Choose another name',
  'no-permission': 'permission is missing. Change its permissions',
  'read-only': 'the disk is read-only. Choose another folder',
  'disk-full': 'the disk is full. Free some space',
};

const chineseReasons: Readonly<Record<FileReason, string>> = {
  missing: '它不存在。请检查路径',
  'name-too-long': '名称太长。请换一个更短的名称',
  'impossible-name': '文件不能用这个名称。请换一个名称',
  'circle-of-links': '链接形成了循环。请修正链接',
  'too-large': '文件太大，无法一次读取。请选择更小的文件',
  'disk-error': '磁盘报告错误。请检查磁盘',
  'not-a-folder': '它不是文件夹。请选择文件夹本身',
  'is-a-folder': '它是文件夹。请选择文件',
  exists: '它已存在。请换一个名称',
  'no-permission': '没有权限。请更改其权限',
  'read-only': '磁盘是只读的。请换一个位置',
  'disk-full': '磁盘已满。请腾出一些空间',
};

/** Failures to read or write a file. */
export const fileSentences = sentenceSet(
  {
    fileFailed: ({
      action,
      path,
      reason,
    }: {
      action: FileAction;
      path: string;
      reason: FileReason;
    }) => `Cannot ${action} ${path}: ${fileReasons[reason]} and try again.`,
    outputProtected: ({ path, kind }: { path: string; kind: ProtectedKind }) =>
      `${path} is ${protectedKinds[kind]} and was not replaced. Choose another name.`,
    outputExists: ({ path }: { path: string }) =>
      `${path} exists and is not an earlier output of the same command. Choose another name, or allow overwriting (--overwrite).`,
    outputEnding: ({ path, ending }: { path: string; ending: string }) =>
      `${path} has the ending of another type of file, and was not written. Choose a name that ends in ${ending}.`,
    outputFolderEnding: ({ path }: { path: string }) =>
      `${path} has the ending of a file, but the output is a folder. Choose a name without the ending.`,
    placeTaken: ({ path }: { path: string }) =>
      `${path} exists already and was not changed. Choose another name.`,
    folderImpossible: ({ path, parent }: { path: string; parent: string }) =>
      `Cannot make the folder ${path}: ${parent} cannot hold folders. Choose another folder.`,
    imageOutsideFolder: ({ path, root }: { path: string; root: string }) =>
      `${path} leads outside the image folder ${root}. Copy the file into the folder.`,
  },
  {
    fileFailed: ({ action, path, reason }) =>
      `无法${chineseActions[action]} ${path}：${chineseReasons[reason]}，然后重试。`,
    outputProtected: ({ path, kind }) =>
      `${path} 是${chineseProtectedKinds[kind]}，未被替换。请换一个名称。`,
    outputExists: ({ path }) =>
      `${path} 已存在，且不是同一命令以前的输出。请换一个名称，或允许覆盖（--overwrite）。`,
    outputEnding: ({ path, ending }) =>
      `${path} 的扩展名属于另一种文件，未写入。请使用以 ${ending} 结尾的名称。`,
    outputFolderEnding: ({ path }) =>
      `${path} 带有文件的扩展名，而输出是文件夹。请使用不带扩展名的名称。`,
    placeTaken: ({ path }) => `${path} 已存在，未作任何更改。请换一个名称。`,
    folderImpossible: ({ path, parent }) =>
      `无法创建文件夹 ${path}：${parent} 中不能创建文件夹。请换一个位置。`,
    imageOutsideFolder: ({ path, root }) =>
      `${path} 指向图像文件夹 ${root} 之外。请把文件复制到该文件夹中。`,
  },
);

export const fileFailure = failuresOf(fileSentences);
