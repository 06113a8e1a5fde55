import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JobResult } from '../../../app/api/contract/jobs.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
beforeAll(async () => {
  await workplace.convertModel();
  await workplace.drawPhotos('photos/one.jpg', 'photos/two.jpg');
  await workplace.run('init', 'asked');
  await workplace.run('import', 'asked', 'photos');
});
afterAll(() => workplace.remove());

interface Failure {
  readonly error: { readonly code: string };
}
type Answers = Extract<JobResult, { kind: 'table' }>;

const nano = join(import.meta.dirname, '../../../models/catalog/pixel-sail-nano');

describe('a question about a project', () => {
  test.runIf(existsSync(join(nano, 'manifest.json')))(
    'is put to the model in the box about every image, and its answers are saved',
    async () => {
      const { code, value } = await workplace.json<Answers>(
        ...['ask', 'asked', '--model', nano, '--text', 'What shape is in the image?'],
        ...['--choices', 'a square,a cat', '--save', 'answers.jsonl'],
      );
      expect(code).toBe(0);
      const [head, ...rows] = value.table;
      expect([head, rows.length]).toEqual([['image', 'answer'], 2]);
      const saved = (await readFile(workplace.path('answers.jsonl'), 'utf8')).trim().split('\n');
      const answers = saved.map((line) => JSON.parse(line) as { image: string; choice: string });
      expect(answers.map(({ image }) => image).sort()).toEqual(['one.jpg', 'two.jpg']);
      for (const { choice } of answers) expect(['a square', 'a cat']).toContain(choice);
      expect(rows).toEqual(answers.map(({ image, choice }) => [image, choice]));
    },
  );

  test('is put only about images in the states that are named', async () => {
    const { code, value } = await workplace.json<Answers>(
      ...['ask', 'asked', '--text', 'What?', '--states', 'done'],
    );
    expect([code, value.table]).toEqual([0, [['image', 'answer']]]);
  });

  test('replaces no file that is there', async () => {
    await workplace.writeBroken('taken.jsonl', 'mine');
    const { code, value } = await workplace.json<Failure>(
      ...['ask', 'asked', '--text', 'What?', '--save', 'taken.jsonl'],
    );
    expect([code, value.error.code]).toEqual([3, 'already-exists']);
    expect(await readFile(workplace.path('taken.jsonl'), 'utf8')).toBe('mine');
  });

  test('takes no marks, and a question about one image no states', async () => {
    const marked = await workplace.run('ask', 'asked', '--text', 'What?', '--point', '1,1');
    expect([marked.code, marked.stderr]).toEqual([2, expect.stringContaining('whole images')]);
    const one = await workplace.run(
      ...['ask', 'photos/one.jpg', '--text', 'What?', '--states', 'done'],
    );
    expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('need a project')]);
  });
});
