import { parentPort } from 'node:worker_threads';
import { AppError, toErrorEnvelope } from '../core/errors.ts';
import type { BackgroundAnswer, BackgroundOrder } from './background.ts';

// Entry of the thread that `inBackground` starts: it does one task after another.

parentPort!.on('message', (order: BackgroundOrder) => void answer(order).then(tell));

function tell(answer: BackgroundAnswer): void {
  parentPort!.postMessage(answer);
}

async function answer(order: BackgroundOrder): Promise<BackgroundAnswer> {
  try {
    return { ok: true, value: await perform(order) };
  } catch (thrown) {
    const { code, path } = thrown as NodeJS.ErrnoException;
    const isOfSystem = !(thrown instanceof AppError) && code !== undefined;
    const error = toErrorEnvelope(thrown);
    return { ok: false, error, ...(isOfSystem && { system: { code, path } }) };
  }
}

/**
 * Each task loads its own modules: moving a log, which every import does, needs a tenth of those of
 * all.
 */
async function perform(task: BackgroundOrder): Promise<unknown> {
  switch (task.kind) {
    case 'backup': {
      const { backupFile } = await import('./backup.ts');
      backupFile(task.file, task.target);
      return [];
    }
    case 'restore': {
      const { restoreFile } = await import('./restore.ts');
      restoreFile(task.backup, task.target);
      return [];
    }
    case 'move-log': {
      const { moveLog } = await import('./move-log.ts');
      moveLog(task.file);
      return [];
    }
    case 'quick-check': {
      const { quickCheck } = await import('./quick-check.ts');
      return quickCheck(task.file);
    }
    case 'rescue': {
      const { rescueFile } = await import('./rescue.ts');
      return rescueFile(task.file, task.target, {
        progress: (done, total) => tell({ done, total }),
        isCancelled: () => Atomics.load(task.stop, 0) === 1,
      });
    }
  }
}
