import { parentPort } from 'node:worker_threads';
import { Database } from '../../../db/database.ts';
import type { StepTask } from '../../../db/step-task.ts';

// A step thread that dies while it writes, as one without memory does.

parentPort!.on('message', ({ file }: StepTask) => {
  const database = new Database(file, { mustExist: true });
  database.exec('BEGIN IMMEDIATE');
  database.run('DELETE FROM journal_step');
  throw new Error('no memory left');
});
