import { failuresOf } from '../core/errors.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** The advice in a failure to read or write a project file. */
export type DatabaseAdvice =
  | 'not-a-project'
  | 'open-backup'
  | 'unreadable-part'
  | 'ends-early'
  | 'damaged-disk'
  | 'allow-locking'
  | 'free-space'
  | 'write-refused'
  | 'allow-writing'
  | 'allow-access'
  | 'close-elsewhere'
  | 'allow-folder'
  | 'check-path'
  | 'nothing-changed';

const databaseAdvice: Readonly<Record<DatabaseAdvice, string>> = {
  'not-a-project': 'It is not a project file, or its beginning was overwritten.',
  'open-backup': 'Keep a copy of the file and open a backup.',
  'unreadable-part': 'Part of the file cannot be read from the disk.',
  'ends-early': 'The file ends too early.',
  'damaged-disk': 'The file system of the disk is damaged.',
  'allow-locking':
    'The file cannot be locked. Allow writing to it, or copy the project to a local disk.',
  'free-space': 'Nothing was changed. Free some space and try again.',
  'write-refused':
    'The disk refused the write. Nothing was changed. Free some space and try again.',
  'allow-writing': 'Allow writing to the file and its folder, or copy the project elsewhere.',
  'allow-access': 'Allow reading and writing the file and its folder.',
  'close-elsewhere': 'Another program has the file open. Close it there first.',
  'allow-folder': 'Allow writing to the folder, or choose another one.',
  'check-path': 'Check the path.',
  'nothing-changed': 'Nothing was changed.',
};

const chineseAdvice: Readonly<Record<DatabaseAdvice, string>> = {
  'not-a-project': '它不是项目文件，或其开头已被覆盖。',
  'open-backup': '请保留该文件的副本，并打开备份。',
  'unreadable-part': '文件的一部分无法从磁盘读取。',
  'ends-early': '文件过早结束。',
  'damaged-disk': '磁盘的文件系统已损坏。',
  'allow-locking': '无法锁定该文件。请允许写入，或把项目复制到本机磁盘。',
  'free-space': '未作任何更改。请腾出一些空间后重试。',
  'write-refused': '磁盘拒绝写入。未作任何更改。请腾出一些空间后重试。',
  'allow-writing': '请允许写入该文件及其文件夹，或把项目复制到别处。',
  'allow-access': '请允许读写该文件及其文件夹。',
  'close-elsewhere': '另一个程序打开了该文件。请先在那里关闭。',
  'allow-folder': '请允许写入该文件夹，或另选一个。',
  'check-path': '请检查路径。',
  'nothing-changed': '未作任何更改。',
};

interface Damaged {
  readonly file: string;
  /** In the words of SQLite. */
  readonly reason: string;
  readonly backup: string | null;
}

interface Locked {
  readonly file: string;
  /** The holder of the file, from the note beside it. */
  readonly pid?: number;
  readonly host?: string;
  readonly sinceMs?: number;
}

interface DatabaseFailure {
  readonly file: string;
  /** In the words of SQLite or the file system. */
  readonly reason: string;
  readonly advice: DatabaseAdvice;
}

const chineseDateTimes = new Intl.DateTimeFormat('zh-CN', {
  dateStyle: 'medium',
  timeStyle: 'short',
});

/** Failures to open, read or write a project file. */
export const projectFileSentences = sentenceSet(
  {
    projectExists: ({ file }: { file: string }) =>
      `The project ${file} exists already. Open it, or choose another name.`,
    projectNotOpen: () => 'No project is open. Open or create a project first.',
    projectFileMissing: ({ file }: { file: string }) =>
      `The file ${file} does not exist. Check the path.`,
    projectLocked: ({ file, pid, host, sinceMs }: Locked) => {
      const who = pid
        ? `process ${pid} on ${host} since ${new Date(sinceMs ?? 0).toLocaleString()}`
        : 'another program';
      return `${file} is open in ${who}. Close it there, or continue there.`;
    },
    projectFileInUse: ({ path, file }: { path: string; file: string }) =>
      `${path} belongs to the open project ${file}. Close the project first, or use a backup of it.`,
    projectGone: ({ file }: { file: string }) =>
      `${file} is missing: it was moved, renamed or deleted while it was open. The change was not saved. ` +
      'Put the file back, or save the project elsewhere.',
    projectReplaced: ({ file }: { file: string }) =>
      `${file} was replaced or changed by another program while it was open. The change was not saved. ` +
      'Save the project elsewhere, or open it again.',
    projectLogForeign: ({ file, log }: { file: string; log: string }) =>
      `${log} does not belong to ${file}: it holds the last edits of another file with that name. Neither file was changed. ` +
      'Restore the project file of the log; or move the log away, then open the file without it.',
    projectNeighbourOdd: ({ file, path }: { file: string; path: string }) =>
      `${path} is not a regular file, but SQLite writes to it while ${file} is open. Nothing was written. Remove it, then ` +
      'open the project again.',
    projectLogLeft: ({ file, log }: { file: string; log: string }) =>
      `The project ${file} does not exist, but ${log} holds the last edits of an earlier project with that name. ` +
      'To keep these edits, restore that project. Otherwise move the log away, or choose another name.',
    projectVersionForeign: ({ file, found }: { file: string; found: number }) =>
      `${file} has the format number ${found}, which no version of this program writes. The file was not changed. ${rescueAdvice(file)}`,
    projectSchemaForeign: ({ file, name }: { file: string; name: string }) =>
      `${file} was changed by another program: its ${name} is foreign. The file was not changed, and no code in it was ` +
      `run. ${rescueAdvice(file)}`,
    projectDamaged: ({ file, reason, backup }: Damaged) =>
      `${file} is damaged: ${reason}. It was not changed. ` +
      (backup ? `The latest backup in its folder is ${backup}. ` : '') +
      rescueAdvice(file),
    projectForeign: ({ file }: { file: string }) =>
      `${file} is not a project of this program and was not changed. Choose a project file.`,
    projectFromFuture: ({ file, found, newest }: { file: string; found: number; newest: number }) =>
      `${file} was written by a newer version of this program (format ${found}; this program reads ` +
      `formats up to ${newest}). The file was not changed. Update the program to open it.`,
    projectFileFailed: ({ file, reason, advice }: DatabaseFailure) =>
      `${file}: ${reason}. ${databaseAdvice[advice]}`,
    projectFileCorrupt: ({ backup, ...failure }: DatabaseFailure & { backup: string | null }) =>
      `${failure.file}: ${failure.reason}. ${databaseAdvice[failure.advice]} ` +
      (backup ? `The latest backup in its folder is ${backup}.` : 'Its folder has no backup.'),
    rescueStopped: () => 'The rescue was stopped. No new project was made.',
  },
  {
    projectExists: ({ file }) => `已有项目 ${file}。请打开它，或换一个名称。`,
    projectNotOpen: () => '没有打开的项目。请先打开或新建项目。',
    projectFileMissing: ({ file }) => `没有文件 ${file}。请检查路径。`,
    projectLocked: ({ file, pid, host, sinceMs }) => {
      const who = pid
        ? `${host} 上的进程 ${pid}（自 ${chineseDateTimes.format(sinceMs)} 起）`
        : '另一个程序';
      return `${file} 已被${who}打开。请在那里关闭，或在那里继续工作。`;
    },
    projectFileInUse: ({ path, file }) =>
      `${path} 属于在此打开的项目 ${file}。请先关闭该项目，或使用它的备份。`,
    projectGone: ({ file }) =>
      `${file} 已不在原处：在此打开期间它被移动、改名或删除。更改没有保存。请把文件放回原处，或将项目另存到别处。`,
    projectReplaced: ({ file }) =>
      `${file} 在此打开期间被其他程序替换或更改。更改没有保存。请将项目另存到别处，或重新打开它。`,
    projectLogForeign: ({ file, log }) =>
      `${log} 不属于 ${file}：它保存的是另一个同名文件的最后编辑。两个文件都未改动。请放回与日志对应的项目文件；或移走日志，再单独打开该文件。`,
    projectNeighbourOdd: ({ file, path }) =>
      `打开 ${file} 时需要写入 ${path}，但它不是普通文件。未写入任何内容。请将其删除，然后重新打开项目。`,
    projectLogLeft: ({ file, log }) =>
      `没有项目 ${file}，但 ${log} 保存着原来那个项目的最后编辑。要保留它们，请放回该项目；否则请移走日志，或换一个名称。`,
    projectVersionForeign: ({ file, found }) =>
      `${file} 标明的格式是 ${found}，本程序的任何版本都不会写出这种格式。文件保持原样。${chineseRescueAdvice(file)}`,
    projectSchemaForeign: ({ file, name }) =>
      `${file} 被其他程序改动过：其中的 ${name} 不是本程序的。文件未作改动，其中的代码没有被运行。${chineseRescueAdvice(file)}`,
    projectDamaged: ({ file, reason, backup }) =>
      `${file} 已损坏，保持原样。${backup ? `旁边最近的备份是 ${backup}。` : ''}${chineseRescueAdvice(file)}\n英文详情：${reason}`,
    projectForeign: ({ file }) => `${file} 不是本程序的项目，未作改动。请选择项目文件。`,
    projectFromFuture: ({ file, found, newest }) =>
      `${file} 由本程序的更新版本写成（格式 ${found}；本程序只认识到格式 ${newest}）。文件未作改动。请更新程序后再打开。`,
    projectFileFailed: ({ file, reason, advice }) =>
      `${file}：${chineseAdvice[advice]}\n英文详情：${reason}`,
    projectFileCorrupt: ({ file, reason, advice, backup }) =>
      `${file}：${chineseAdvice[advice]}${backup ? `旁边最近的备份是 ${backup}。` : '旁边没有备份。'}\n英文详情：${reason}`,
    rescueStopped: () => '已停止抢救。没有新建项目。',
  },
);

export const projectFileFailure = failuresOf(projectFileSentences);

function rescueAdvice(file: string): string {
  return `To recover its readable records into a new project: pixelsail rescue "${file}" NEW.pixelsail`;
}

function chineseRescueAdvice(file: string): string {
  return `要把可读的记录恢复到新项目：pixelsail rescue "${file}" NEW.pixelsail`;
}
