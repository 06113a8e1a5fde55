import { rmSync, writeFileSync, writeSync } from 'node:fs';
import { lockProject, type ProjectLock } from '../../../db/project-lock.ts';

/**
 * Takes and lets go the lock of a project again and again. While it has the lock it makes a file
 * of a fixed name, which fails where another process that thinks that it has the lock made it too.
 * Arguments: project file, number of rounds.
 */
const [file, rounds] = process.argv.slice(2) as [string, string];
for (let round = 0; round < Number(rounds); round++) {
  const lock = take();
  writeFileSync(`${file}.mine`, '', { flag: 'wx' });
  rmSync(`${file}.mine`);
  lock.release();
}
writeSync(1, 'done\n');

function take(): ProjectLock {
  for (;;) {
    try {
      return lockProject(file);
    } catch (thrown) {
      if ((thrown as { code: string }).code !== 'project-locked') throw thrown;
    }
  }
}
