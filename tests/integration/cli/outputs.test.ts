import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runHere } from './run-here.ts';
import { commandTimeoutMs, tinyCheckpoint, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
const photo = workplace.path('photos', 'one.jpg');
const coco = workplace.path('coco.json');

interface Failure {
  readonly error: { readonly code: string; readonly message: string; readonly sentence: string };
}

const folderBefore = process.cwd();

beforeAll(async () => {
  vi.stubEnv('PIXELSAIL_HOME', workplace.home);
  vi.stubEnv('PIXELSAIL_MODEL', workplace.model);
  process.chdir(workplace.folder);
  await workplace.convertModel();
  await workplace.drawPhotos('photos/one.jpg', 'photos/two.jpg');
  await writeFile(
    coco,
    JSON.stringify({
      images: [{ id: 1, file_name: 'one.jpg', width: 64, height: 48 }],
      categories: [{ id: 1, name: 'square' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, segmentation: [[16, 12, 40, 12, 40, 36, 16, 36]] },
      ],
    }),
  );
  await workplace.run('init', 'birds');
  await workplace.run('import', 'birds', coco, '--images', 'photos');
  await workplace.run('init', 'other');
  execFileSync('mkfifo', [workplace.path('pipe.json')]);
  await mkdir(workplace.path('home', 'cache'), { recursive: true });
  await mkdir(workplace.path('home', 'models'), { recursive: true });
  await symlink(photo, workplace.path('link.json'));
  await symlink('nowhere', workplace.path('dangling.json'));
  await link(photo, workplace.path('hard-link.json'));
  await writeFile(workplace.path('weights.safetensors'), 'weights');
  await writeFile(workplace.path('notes.json'), '{"my": "notes"}');
  await sharp(photo).tiff().toFile(workplace.path('scan.json'));
});
afterAll(() => {
  process.chdir(folderBefore);
  workplace.remove();
});

async function fails(...words: string[]): Promise<{ code: number | null; value: Failure }> {
  const { code, stdout } = await runHere(...words, '--json');
  return { code, value: JSON.parse(stdout) as Failure };
}

/** How each kind of output is asked for. */
const writers: Readonly<Record<string, (target: string) => string[]>> = {
  export: (target) => ['export', 'birds', target],
  segment: (target) => ['segment', photo, '--box', '16,12,24,24', '--overlay', target],
  describe: (target) => ['describe', photo, '--overlay', target],
  ask: (target) => ['ask', photo, '--text', 'What?', '--overlay', target],
  eval: (target) => [
    'eval',
    '--coco',
    coco,
    '--images',
    'photos',
    '--prompt',
    'text',
    '--save',
    target,
  ],
  backup: (target) => ['backup', 'birds', target],
  convert: (target) => ['convert', tinyCheckpoint, target],
};

/** Further outputs that are refused by the same rules. */
const furtherWriters: typeof writers = {
  'a zip archive': (target) => ['export', 'birds', target, '--zip'],
  'a folder': (target) => ['export', 'birds', target, '--format', 'yolo'],
  'a checkpoint': (target) => ['convert', 'tiny', target, '--to', 'checkpoint'],
  'answers about a project': (target) => ['ask', 'birds', '--text', 'What?', '--save', target],
  scores: (target) => ['score', '--project', 'birds', '--task', 'detection', '--save', target],
  rescue: (target) => ['rescue', 'birds', target],
  handout: (target) => ['handout', 'birds', target],
};

/** The ending of the files that a writer makes; others make folders. */
const endings: Readonly<Record<string, string>> = {
  ...{ export: '.json', segment: '.png', describe: '.png', ask: '.png', eval: '.json' },
  ...{ 'a zip archive': '.zip', 'answers about a project': '.jsonl', scores: '.json' },
  ...{ backup: '.pixelsail', rescue: '.pixelsail', handout: '.pixelsail' },
};

/** Files that no command may write to. */
const refused: readonly string[] = [
  'birds/birds.pixelsail',
  'birds/birds.pixelsail-wal',
  'birds/birds.pixelsail-holder',
  'other/other.pixelsail',
  'photos/one.jpg',
  'photos/two.jpg',
  'link.json',
  'dangling.json',
  'hard-link.json',
  'scan.json',
  'pipe.json',
  'photos',
  'tiny/manifest.json',
  'tiny/more.json',
  'home/cache/thing.json',
  'home/models/thing.json',
  'weights.safetensors',
  '/dev/full',
  '/dev/null',
];

const contentOf = (path: string) =>
  stat(path).then(
    async (found) => (found.isFile() ? readFile(path) : found.mode),
    () => null,
  );

describe.each(Object.entries(writers))('%s', (name, words) => {
  const overwrite = name === 'backup' || name === 'convert' ? [] : ['--overwrite'];

  test('refuses what is no place for a file of its, even when it may overwrite', async () => {
    for (const target of refused) {
      // Packages are made among the person's models.
      if (name === 'convert' && target.startsWith('home/models/')) continue;
      const path = target.startsWith('/') ? target : workplace.path(target);
      const before = await contentOf(path);
      const { code, stdout } = await runHere(...words(path), ...overwrite, '--json');
      expect([target, code], stdout).toEqual([target, 3]);
      const value = JSON.parse(stdout) as Failure;
      expect(value.error.message).toContain(basename(path));
      expect(value.error.sentence).toMatch(/^(outputProtected|notPlainFile|placeTaken)$/);
      expect(await contentOf(path), target).toEqual(before);
    }
  });

  test('leaves a file that is not its own, unless it may be overwritten', async () => {
    const notes = await readFile(workplace.path('notes.json'));
    const target = workplace.path(`${name}-notes${endings[name] ?? ''}`);
    await writeFile(target, notes);
    const { code, value } = await fails(...words(target));
    expect([code, value.error.code]).toEqual([3, 'already-exists']);
    expect(await readFile(target)).toEqual(notes);
    if (overwrite.length === 0) return;
    expect(value.error.message).toContain('--overwrite');
    const forced = await runHere(...words(target), ...overwrite);
    expect([forced.code, forced.stderr]).toEqual([0, expect.not.stringContaining('pixelsail:')]);
    expect(await readFile(target)).not.toEqual(notes);
  });

  test('replaces its own earlier file, and leaves nothing else beside it', async () => {
    if (overwrite.length === 0) return;
    await mkdir(workplace.path(`own-${name}`));
    const file = `file${endings[name]}`;
    const target = workplace.path(`own-${name}`, file);
    for (let time = 0; time < 2; time++) {
      const { code, stderr } = await runHere(...words(target));
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('pixelsail:')]);
    }
    expect(await readdir(dirname(target))).toEqual([file]);
  });
});

test.each(Object.entries({ ...writers, ...furtherWriters }))(
  '%s writes nothing under the ending of another type of file, even when it may overwrite',
  async (name, words) => {
    for (const ending of new Set(['.jpg', ...Object.values(endings)])) {
      // The name of an archive asks an export or a handout for one.
      const isMade = ending === '.zip' && ['export', 'handout'].includes(words('')[0]!);
      if (isMade || ending === endings[name]) continue;
      const target = workplace.path(`of-another-type${ending.toUpperCase()}`);
      const mayOverwrite = (await runHere(words(target)[0]!, '--help')).stdout.includes(
        '--overwrite',
      );
      const { code, value } = await fails(
        ...words(target),
        ...(mayOverwrite ? ['--overwrite'] : []),
      );
      // Only a project has a name that ends as a project's does.
      const sentence =
        ending === '.pixelsail'
          ? 'outputProtected'
          : (endings[name] ?? '') === ''
            ? 'outputFolderEnding'
            : 'outputEnding';
      expect([target, code, value.error.sentence]).toEqual([target, 3, sentence]);
      expect(existsSync(target)).toBe(false);
    }
  },
);

test.each([
  ['export', '.json'],
  ['backup', '.pixelsail'],
])('%s takes a dot that begins no ending for a part of the name', async (name, ending) => {
  for (const word of [`${name}.v2`, `${name}-2026.07.final`]) {
    const target = workplace.path(word);
    expect((await runHere(name, 'birds', target)).code).toBe(0);
    expect([existsSync(target), existsSync(target + ending)]).toEqual([false, true]);
  }
});

test('an export for other readers, of another split or of another project is not taken for an earlier one', async () => {
  const target = workplace.path('readers.json');
  expect((await runHere('export', 'birds', target)).code).toBe(0);
  const first = await readFile(target);
  for (const words of [
    ['birds', target, '--profile', 'training'],
    ['birds', target, '--split', 'train'],
    ['other', target],
  ]) {
    const { code, value } = await fails('export', ...words);
    expect([code, value.error.sentence]).toEqual([3, 'outputExists']);
  }
  expect(await readFile(target)).toEqual(first);
});

test('an export without a name lies beside the project, one for other readers under another name', async () => {
  await workplace.run('export', 'birds');
  await workplace.run('export', 'birds', '--profile', 'training');
  const files = (await readdir(workplace.path('birds'))).filter((name) => name.endsWith('.json'));
  expect(files.sort()).toEqual(['birds-coco-evaluation.json', 'birds-coco-training.json']);
});

test('an option of a format that is yes or no is a flag', async () => {
  const { code, stderr } = await runHere(
    'export',
    'birds',
    workplace.path('kept.json'),
    '--keep-ids',
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining('export')]);
});

test('a link to an earlier export stays a link, and what it leads to is replaced', async () => {
  await workplace.run('export', 'birds', 'real.json');
  await symlink('real.json', workplace.path('latest.json'));
  const before = await stat(workplace.path('real.json'));
  const { code } = await workplace.run('export', 'birds', 'latest.json');
  expect(code).toBe(0);
  expect((await stat(workplace.path('real.json'))).ino).not.toBe(before.ino);
  expect(
    (await readdir(workplace.folder, { withFileTypes: true }))
      .find(({ name }) => name === 'latest.json')!
      .isSymbolicLink(),
  ).toBe(true);
});

test('a name as long as the file system allows is written', async () => {
  const name = `${'x'.repeat(250)}.json`;
  expect((await workplace.run('export', 'birds', name)).code).toBe(0);
  expect(existsSync(workplace.path(name))).toBe(true);
});

test('two evaluations saved to one name at once both end well, and the file is whole', async () => {
  const target = join(workplace.folder, 'at-once.json');
  const done = await Promise.all([0, 1, 2].map(() => workplace.run(...writers['eval']!(target))));
  expect(done.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({ prompt: 'text' });
});

test('what a killed process left is cleared away by the next, what a living one writes is not', async () => {
  const folder = workplace.path('left');
  await mkdir(folder);
  await workplace.run('export', 'birds', join(folder, 'first.json'));
  const { draftName } = await import('../../../app/files/new-file.ts');
  const ended = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();
  const old = join(folder, draftName(Number(ended)));
  const living = join(folder, draftName(process.pid));
  for (const draft of [old, living]) {
    await writeFile(draft, 'half');
    await utimes(draft, 0, 0);
  }
  await workplace.run('export', 'birds', join(folder, 'second.json'));
  expect([existsSync(old), existsSync(living)]).toEqual([false, true]);
});
