import { parentPort } from 'node:worker_threads';
import { toErrorEnvelope } from '../core/errors.ts';
import { backupFile } from './backup.ts';
import type { BackgroundAnswer, BackgroundTask } from './background.ts';
import { moveLog } from './move-log.ts';
import { quickCheck } from './quick-check.ts';
import { restoreFile } from './restore.ts';

// Entry of the thread that `inBackground` starts: it does one task after another.

parentPort!.on('message', (task: BackgroundTask) => parentPort!.postMessage(answer(task)));

function answer(task: BackgroundTask): BackgroundAnswer {
  try {
    return { ok: true, value: perform(task) };
  } catch (thrown) {
    return { ok: false, error: toErrorEnvelope(thrown) };
  }
}

function perform(task: BackgroundTask): readonly string[] {
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
  }
}
