import { expect, test } from 'vitest';
import { operations } from '../../fuzz/kill/operations.ts';
import { killRounds } from '../../fuzz/kill/rounds.ts';

test('a process killed during import, annotate, export, backup, merge, migration or undo leaves nothing half done', async () => {
  const results = await killRounds(operations, 2, 1);
  expect(
    results.flatMap(({ operation, losses }) => losses.map((loss) => `${operation}, ${loss}`)),
  ).toEqual([]);
}, 600_000);
