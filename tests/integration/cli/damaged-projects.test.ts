import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { replacement } from '../../../core/diff.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
/** More than what opening a project looks through before it answers. */
const bytes = 70e6;

beforeAll(async () => {
  await workplace.drawPhotos('photos/one.jpg');
  for (const name of ['mixed up', 'overwritten', 'whole']) {
    await workplace.run('init', name);
    await workplace.run('import', name, 'photos');
    const file = workplace.path(name, `${name}.pixelsail`);
    const database = openProjectDatabase(file);
    const [row] = database.images();
    const image = database.image(row!.id)!;
    const extra = { notes: 'a long note '.repeat(bytes / 12) };
    database.apply('A long note', replacement(image, { ...image, extra }));
    database.close();
    damage(name, file);
  }
});
afterAll(() => workplace.remove());

function damage(name: string, file: string): void {
  if (name === 'whole') return;
  const handle = openSync(file, 'r+');
  const middle = Math.floor(statSync(file).size / 2 / 4096) * 4096;
  if (name === 'overwritten') writeSync(handle, Buffer.alloc(8192, 0xff), 0, 8192, middle);
  else {
    // Pages of the long note stand where others of it were.
    const pages = Buffer.alloc(8192);
    readSync(handle, pages, 0, pages.length, middle);
    writeSync(handle, pages, 0, pages.length, middle - 4096 * 100);
  }
  closeSync(handle);
}

test.each(['mixed up', 'overwritten'])(
  'no command works on a large project whose file is damaged (%s)',
  async (name) => {
    for (const words of [
      ['check', name],
      ['export', name, `${name}.json`],
      ['import', name, 'photos'],
      ['backup', name],
      ['merge', 'whole', workplace.path(name, `${name}.pixelsail`)],
    ]) {
      const { code, stderr } = await workplace.run(...words);
      expect([words[0], code, stderr]).toEqual([words[0], 5, expect.stringContaining('damaged')]);
    }
  },
);

test('a large project that is whole is found whole', async () => {
  const { code, stdout } = await workplace.run('check', 'whole');
  expect([code, stdout]).toEqual([0, expect.stringContaining('no problems found')]);
});
