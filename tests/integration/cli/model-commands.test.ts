import { existsSync } from 'node:fs';
import { appendFile, copyFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { InstalledModel } from '../../../app/api/contract/models.ts';
import { encodeRle, rleIou } from '../../../core/geometry/rle.ts';
import type { Rle } from '../../../core/geometry/shapes.ts';
import type { PixelSailManifest } from '../../../models/families/pixel-sail/manifest.ts';
import { commandTimeoutMs, tinyCheckpoint, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
beforeAll(() => workplace.convertModel());
afterAll(() => workplace.remove());

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}
type Verdicts = readonly { readonly folder: string; readonly problem: string | null }[];

describe('convert and models', () => {
  test('a converted checkpoint is a package that verifies, shows and answers', async () => {
    const { code, value } = await workplace.json<PixelSailManifest>(
      ...[
        'convert',
        tinyCheckpoint,
        'home/models/small',
        '--precision',
        'int8',
        '--license',
        'CC0-1.0',
      ],
    );
    expect(code).toBe(0);
    expect(value).toMatchObject({ id: 'small', precision: 'int8', license: 'CC0-1.0' });
    const verified = await workplace.json<Verdicts>('models', 'verify', 'small');
    expect([verified.code, verified.value[0]!.problem]).toEqual([0, null]);
    const listed = await workplace.json<InstalledModel[]>('models', 'list');
    expect(listed.value.map(({ id }) => id)).toContain('small');
    const shown = await workplace.json<PixelSailManifest>('models', 'show', 'small');
    expect(shown.value).toEqual(value);
    await workplace.drawPhotos('photo.jpg');
    const answered = await workplace.run(
      'segment',
      'photo.jpg',
      '--model',
      'small',
      '--box',
      '9,9,9,9',
    );
    expect(answered.code).toBe(0);
  });

  test('a package goes back to a checkpoint, from which the same package is made again', async () => {
    const back = await workplace.run('convert', workplace.model, 'back', '--to', 'checkpoint');
    expect([back.code, back.stdout]).toEqual([0, expect.stringContaining('Made a checkpoint of')]);
    const { value } = await workplace.json<PixelSailManifest>('models', 'show', workplace.model);
    const again = await workplace.json<PixelSailManifest>(
      ...['convert', 'back', 'again', '--precision', value.precision],
    );
    const weights = ({ files }: PixelSailManifest) =>
      files.find(({ path }) => path === 'weights.bin');
    expect(weights(again.value)).toEqual(weights(value));
  });

  test('never writes over a folder that is there', async () => {
    const { code, value } = await workplace.json<Failure>('convert', tinyCheckpoint, 'tiny');
    expect([code, value.error.code]).toEqual([3, 'already-exists']);
  });

  test.skipIf(process.platform !== 'linux')(
    'a place where no folder can be made is named at once',
    async () => {
      for (const target of ['/proc/made', '/proc/deep/made']) {
        const { code, value } = await workplace.json<Failure>('convert', tinyCheckpoint, target);
        expect([code, value.error.code]).toEqual([6, 'permission-denied']);
        expect(value.error.message).toContain('/proc');
      }
    },
  );

  test('a checkpoint without its weights is refused and leaves nothing behind', async () => {
    await cp(tinyCheckpoint, workplace.path('no weights'), { recursive: true });
    await rm(workplace.path('no weights/model.safetensors'));
    const { code, value } = await workplace.json<Failure>('convert', 'no weights', 'made');
    expect([code, value.error.code]).toEqual([3, 'checkpoint-invalid']);
    expect(existsSync(workplace.path('made'))).toBe(false);
    expect((await readdir(workplace.folder)).filter((name) => name.includes('made'))).toEqual([]);
  });

  test('a package with a changed file is found and never loaded', async () => {
    const damaged = await workplace.copyModel('damaged');
    await appendFile(`${damaged}/weights.bin`, 'x');
    const verified = await workplace.json<Verdicts>('models', 'verify', damaged, workplace.model);
    expect(verified.code).toBe(3);
    expect(verified.value[0]!.problem).toContain('weights.bin');
    expect(verified.value[1]!.problem).toBeNull();
    await workplace.drawPhotos('photo.jpg');
    const used = await workplace.json<Failure>(
      'segment',
      'photo.jpg',
      '--model',
      damaged,
      '--text',
      'a',
    );
    expect([used.code, used.value.error.code]).toEqual([3, 'package-invalid']);
  });

  test('doctor tells what works and on which device', async () => {
    const { code, value } = await workplace.json<{
      system: { userData: string; log: string };
      checks: { name: string; ok: boolean }[];
      devices: { device: string; works: boolean; selfTestMs: number | null }[];
    }>('doctor');
    expect(code).toBe(0);
    expect(value.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['images', true],
      ['projects', true],
      ['model', true],
    ]);
    const cpu = value.devices.find(({ device }) => device === 'cpu')!;
    expect(cpu.works).toBe(true);
    expect(cpu.selfTestMs).toBeGreaterThan(0);
    const { userData, log } = value.system;
    expect(log).toBe(join(userData, 'logs', 'pixel-sail-studio.log'));
  });

  test('doctor measures in which way the CPU is fastest, and says what it chose', async () => {
    workplace.environment['PIXELSAIL_ARITHMETIC'] = 'auto';
    const { code, stdout } = await workplace.run('doctor');
    delete workplace.environment['PIXELSAIL_ARITHMETIC'];
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cpu .*chosen: .* on \d+ threads?; measured: float32 on .*int8 on /m);
    const kept = join(workplace.home, 'cpu-plans.json');
    expect(Object.values(JSON.parse(await readFile(kept, 'utf8')) as object)).toHaveLength(1);
  });
});

describe('eval', () => {
  interface Scores {
    readonly count: number;
    readonly miou: number;
    readonly ciou: number;
    readonly giou: number;
    readonly meteor: number;
    readonly clicks?: readonly { miou: number }[];
    readonly reliability: { readonly bins: readonly { count: number }[] };
    readonly baselines: Record<string, { miou: number; accuracy: number; meteor: number }>;
    readonly skipped: readonly { what: string }[];
  }

  beforeAll(async () => {
    await workplace.drawPhotos('set/0.jpg', 'set/1.jpg', 'set/2.jpg');
    const square = new Uint8Array(64 * 48);
    for (let row = 12; row < 36; row++) square.fill(1, row * 64 + 16, row * 64 + 40);
    const segmentation = encodeRle({ width: 64, height: 48, data: square });
    const image = { width: 64, height: 48 };
    const coco = {
      images: [
        { id: 1, file_name: '0.jpg', split: 'dev', ...image },
        { id: 2, file_name: 'folder/1.jpg', split: 'dev', ...image },
        { id: 3, file_name: '2.jpg', split: 'train', ...image },
        { id: 4, file_name: 'gone.jpg', split: 'dev', ...image },
      ],
      categories: ['square', 'circle', 'line', 'dot', 'star'].map((name, id) => ({ id, name })),
      annotations: [
        { id: 1, image_id: 1, category_id: 0, segmentation },
        { id: 2, image_id: 2, category_id: 0, segmentation },
        { id: 3, image_id: 2, category_id: 0, segmentation: [[0, 0, 8, 0, 8, 8, 0, 8]] },
        { id: 4, image_id: 2, category_id: 0, segmentation, iscrowd: 1 },
        { id: 5, image_id: 3, category_id: 0, segmentation },
        { id: 6, image_id: 1, category_id: 1, segmentation: [[1, 2, 3, 4]] },
      ],
    };
    await writeFile(workplace.path('set/coco.json'), JSON.stringify(coco));
  });

  const evaluate = (...words: string[]) =>
    workplace.json<Scores>('eval', '--coco', 'set/coco.json', '--images', 'set', ...words);

  test.each(['box', 'point', 'scribble'])('scores every object by %s', async (prompt) => {
    const { code, value } = await evaluate('--prompt', prompt);
    expect(code).toBe(0);
    expect(value.count).toBe(4);
    for (const score of [value.miou, value.ciou, value.giou]) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect(value.skipped.map(({ what }) => what)).toEqual(['image 4', 'annotation 6']);
    // The objects are rectangles, so filling their boxes is perfect.
    if (prompt === 'box') expect(value.baselines.filledBox!.miou).toBe(1);
    else expect(value.baselines.wholeImage!.miou).toBeLessThan(0.2);
  });

  test('asks for a category once in each image', async () => {
    const { value } = await evaluate('--prompt', 'text');
    expect(value.count).toBe(3);
    expect(Object.keys(value.baselines)).toEqual(['wholeImage', 'centre']);
  });

  test('scores the mask after each of three clicks', async () => {
    const { value } = await evaluate('--prompt', 'clicks', '--limit', '2');
    expect(value.clicks).toHaveLength(3);
    expect(value.clicks![2]!.miou).toBe(value.miou);
    expect(value.reliability.bins.reduce((sum, bin) => sum + bin.count, 0)).toBeLessThanOrEqual(6);
  });

  test('prints one table of several files', async () => {
    await copyFile(workplace.path('set/coco.json'), workplace.path('set/other.json'));
    const { code, stdout } = await workplace.run(
      ...['eval', '--coco', 'set/coco.json', 'set/other.json', '--images', 'set'],
      ...['--prompt', 'text', '--limit', '1'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/\| coco \| 1 \|.*\n\| other \| 1 \|.*\n\| \*\*mean\*\* \| 2 \|/);
  });

  test('takes a split and a limit', async () => {
    expect((await evaluate('--prompt', 'box', '--split', 'dev')).value.count).toBe(3);
    expect((await evaluate('--prompt', 'box', '--limit', '2')).value.count).toBe(2);
  });

  test('scores words against chance', async () => {
    const choices = await evaluate('--prompt', 'mcq', '--limit', '2');
    expect(choices.value.count).toBe(2);
    expect(choices.value.baselines.chance!.accuracy).toBe(0.25);
    expect(choices.value.baselines.mostFrequent!.accuracy).toBe(1);
    const described = await evaluate('--prompt', 'describe', '--limit', '1');
    expect(described.value.baselines.mostFrequent!.accuracy).toBe(1);
    expect(described.value.baselines.mostFrequent!.meteor).toBeGreaterThan(0.3);
    expect(described.value.meteor).toBeLessThan(0.3);
  });

  test('asks for what is there and for what is not', async () => {
    const { code, stdout } = await workplace.run(
      ...['eval', '--coco', 'set/coco.json', '--images', 'set'],
      ...['--prompt', 'presence', '--limit', '2'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/N-acc\. +T-acc\. +marked where absent\nmodel +[01]\.\d+ +[01]\.\d+ +/);
  });

  test('asks for all names of a file together, where names are what it asks for', async () => {
    const { code, value } = await evaluate('--prompt', 'text', '--together');
    expect([code, value.count]).toEqual([0, 3]);
    const refused = await workplace.run(
      ...['eval', '--coco', 'set/coco.json', '--images', 'set'],
      ...['--prompt', 'box', '--together'],
    );
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('--together compares names, but --prompt is box');
  });

  test('asks each photo for everything and counts the objects that are found', async () => {
    const whole = [[0, 0, 64, 0, 64, 40, 0, 40]];
    const large = {
      images: [1, 2].map((id) => ({ id, file_name: `${id - 1}.jpg`, width: 64, height: 48 })),
      categories: [{ id: 1, name: 'wall' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, segmentation: whole },
        { id: 2, image_id: 1, category_id: 1, segmentation: [[0, 0, 8, 0, 8, 8, 0, 8]] },
        { id: 3, image_id: 2, category_id: 1, segmentation: [[0, 0, 8, 0, 8, 8, 0, 8]] },
      ],
    };
    await writeFile(workplace.path('set/large.json'), JSON.stringify(large));
    const { code, value } = await workplace.json<{
      count: number;
      objects: number;
      recall50: number;
      bestIou: number;
      masksPerPhoto: number;
    }>(...['eval', '--coco', 'set/large.json', '--images', 'set'], ...['--prompt', 'everything']);
    expect(code).toBe(0);
    expect([value.count, value.objects]).toEqual([1, 1]);
    expect(value.recall50).toBe(value.bestIou >= 0.5 ? 1 : 0);
    expect(value.masksPerPhoto).toBeGreaterThan(0);
  });

  test('saves every mask beside its target, and prints only scores', async () => {
    const { value } = await evaluate('--prompt', 'box', '--save', 'scores.json');
    expect(value).not.toHaveProperty('masks');
    const saved = JSON.parse(await readFile(workplace.path('scores.json'), 'utf8')) as {
      prompt: string;
      sets: Record<string, { masks: { iou: number; prediction: Rle; target: Rle }[] }>;
    };
    expect(saved.prompt).toBe('box');
    const { masks } = saved.sets['coco']!;
    expect(masks.map(({ prediction, target }) => rleIou(prediction, target))).toEqual(
      masks.map(({ iou }) => iou),
    );
    expect(masks.reduce((sum, { iou }) => sum + iou, 0) / masks.length).toBeCloseTo(value.miou);
  });

  test('compares packages with the first one on the same targets', async () => {
    const { code, value } = await workplace.json<{
      targets: number;
      packages: {
        megabytes: number;
        prompts: { box: { miou: number; difference: { miou: Record<string, number> } | null } };
      }[];
    }>(
      ...['compare', '--model', workplace.model, workplace.model],
      ...['--coco', 'set/coco.json', '--images', 'set', '--prompt', 'box', '--limit', '2'],
    );
    expect([code, value.targets]).toEqual([0, 2]);
    const [first, second] = value.packages.map(({ prompts }) => prompts.box);
    expect(first!.difference).toBeNull();
    expect(second!.miou).toBe(first!.miou);
    expect(second!.difference!.miou).toEqual({ value: 0, low: 0, high: 0 });
  });

  test('calibrates the score of a package to what its masks are worth', async () => {
    const calibrated = await workplace.copyModel('calibrated');
    const { code, value } = await workplace.json<{
      score: Record<string, number>;
      count: number;
      before: { calibrationError: number };
      after: { calibrationError: number };
    }>(
      ...['calibrate', '--coco', 'set/coco.json', '--images', 'set'],
      ...['--model', calibrated, '--write'],
    );
    expect(code).toBe(0);
    expect(value.count).toBeGreaterThan(10);
    expect(value.after.calibrationError).toBeLessThan(value.before.calibrationError);
    const shown = await workplace.json<PixelSailManifest>('models', 'show', calibrated);
    expect(shown.value.config.pixel_sail_studio.score).toEqual(value.score);
    const box = await workplace.run(
      'segment',
      'set/0.jpg',
      '--model',
      calibrated,
      '--box',
      '9,9,9,9',
    );
    expect(box.code).toBe(0);
  });

  test('a split without objects is an error that says why', async () => {
    const { code, value } = await workplace.json<Failure>(
      ...[
        'eval',
        '--coco',
        'set/coco.json',
        '--images',
        'set',
        '--prompt',
        'box',
        '--split',
        'test',
      ],
    );
    expect([code, value.error.code]).toEqual([3, 'dataset-invalid']);
    expect(value.error.message).toContain('"test"');
  });
});
