import { parentPort } from 'node:worker_threads';
import { AppError, toErrorEnvelope } from '../core/errors.ts';
import { backupFile } from './backup.ts';
import type { BackgroundAnswer, BackgroundOrder } from './background.ts';
import { moveLog } from './move-log.ts';
import { quickCheck } from './quick-check.ts';
import { rescueFile } from './rescue.ts';
import { restoreFile } from './restore.ts';

// Entry of the thread that `inBackground` starts: it does one task after another.

parentPort!.on('message', (order: BackgroundOrder) => tell(answer(order)));

function tell(answer: BackgroundAnswer): void {
  parentPort!.postMessage(answer);
}

function answer(order: BackgroundOrder): BackgroundAnswer {
  try {
    return { ok: true, value: perform(order) };
  } catch (thrown) {
    const { code, path } = thrown as NodeJS.ErrnoException;
    const isOfSystem = !(thrown instanceof AppError) && code !== undefined;
    const error = toErrorEnvelope(thrown);
    return { ok: false, error, ...(isOfSystem && { system: { code, path } }) };
  }
}

function perform(task: BackgroundOrder): unknown {
  switch (task.kind) {
    case 'backup':
      backupFile(task.file, task.target);
      return [];
    case 'restore':
      restoreFile(task.backup, task.target);
      return [];
    case 'move-log':
      moveLog(task.file);
      return [];
    case 'quick-check':
      return quickCheck(task.file);
    case 'rescue':
      return rescueFile(task.file, task.target, {
        progress: (done, total) => tell({ done, total }),
        isCancelled: () => Atomics.load(task.stop, 0) === 1,
      });
  }
}
