import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeRle, rleArea, rleBox } from '../../../core/geometry/rle.ts';
import { modelResultSchema, type ModelResult } from '../../../core/prompt.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
let photo: string;

beforeAll(async () => {
  await workplace.convertModel();
  await workplace.drawPhotos('photo.jpg');
  photo = workplace.path('photo.jpg');
});
afterAll(() => workplace.remove());

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

describe('segment', () => {
  test('prints the documented JSON, and nothing else, on stdout', async () => {
    const { code, value } = await workplace.json<ModelResult>(
      'segment',
      photo,
      '--box',
      '16,12,24,24',
    );
    expect(code).toBe(0);
    const result = modelResultSchema.parse(value);
    expect(result.answers).toHaveLength(1);
    const [mask] = result.answers[0]!.masks;
    expect(mask!.rle.size).toEqual([48, 64]);
    expect(mask!.area).toBe(rleArea(mask!.rle));
    expect(mask!.bbox).toEqual(rleBox(mask!.rle));
    expect(result.device).toMatchObject({ requested: 'auto', threads: expect.any(Number) });
    expect(result.timings.total).toBeGreaterThan(0);
    expect(result.model.id).toBe('tiny');
  });

  test('takes the model from --model as well as from the environment', async () => {
    const { value } = await workplace.json<ModelResult>(
      ...['segment', '--model', workplace.model, photo, '--box', '16,12,24,24'],
    );
    expect(value.model.id).toBe('tiny');
  });

  test('answers one mask for each region, whatever marks point at it', async () => {
    const square = new Uint8Array(64 * 48);
    square.fill(1, 20 * 64 + 20, 20 * 64 + 40);
    await writeFile(
      workplace.path('mask.json'),
      JSON.stringify(encodeRle({ width: 64, height: 48, data: square })),
    );
    await sharp(
      square.map((value) => value * 255),
      { raw: { width: 64, height: 48, channels: 1 } },
    )
      .png()
      .toFile(workplace.path('mask.png'));
    const { value } = await workplace.json<ModelResult>(
      ...['segment', photo, '--point', '20,20', '--point', '2,2,0', '--box', '1,1,20,20'],
      ...['--mask', 'mask.json', '--mask', 'mask.png', '--region', '--scribble', '5,5,30,30'],
    );
    expect(value.answers[0]!.masks.map(({ region }) => region)).toEqual([0, 1, 2, 3, 4]);
  });

  test('writes an overlay of the size of the image', async () => {
    const { code, stdout } = await workplace.run(
      ...['segment', photo, '--box', '16,12,24,24', '--overlay', 'looks/over lay.png'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('over lay.png');
    const overlay = await sharp(workplace.path('looks/over lay.png')).metadata();
    expect([overlay.format, overlay.width, overlay.height]).toEqual(['png', 64, 48]);
    const picture = await sharp(photo).raw().toBuffer();
    const drawn = await sharp(workplace.path('looks/over lay.png')).raw().toBuffer();
    expect(drawn.equals(picture)).toBe(false);
  });

  test('sees a turned photo as a person does', async () => {
    const turned = workplace.path('turned.jpg');
    await sharp(photo).withMetadata({ orientation: 6 }).toFile(turned);
    const { value } = await workplace.json<ModelResult>('segment', turned, '--box', '30,50,10,10');
    expect(value.answers[0]!.masks[0]!.rle.size).toEqual([64, 48]);
  });
});

describe('describe and ask', () => {
  test('answer in words about regions', async () => {
    const described = await workplace.json<ModelResult>(
      ...['describe', photo, '--box', '0,0,20,20', '--box', '30,20,20,20'],
    );
    expect(described.value.answers).toHaveLength(2);
    const asked = await workplace.json<ModelResult>(
      ...['ask', photo, '--text', 'What is this?', '--choices', 'cat, dog', '--point', '20,20'],
    );
    expect(asked.code).toBe(0);
    expect([null, 0, 1]).toContain(asked.value.answers[0]!.choice);
  });
});

describe('bad input', () => {
  const cases: [string, () => string[] | Promise<string[]>, number, string][] = [
    [
      'a prompt outside the image',
      () => ['segment', photo, '--box', '100,100,10,10'],
      3,
      'prompt-outside-image',
    ],
    ['a missing image', () => ['segment', 'none.jpg', '--text', 'cat'], 3, 'not-found'],
    [
      'an empty image file',
      async () => {
        await workplace.writeBroken('empty.jpg');
        return ['segment', 'empty.jpg', '--text', 'cat'];
      },
      3,
      'image-unreadable',
    ],
    [
      'a truncated image file',
      async () => {
        const bytes = await readFile(photo);
        await workplace.writeBroken('cut.jpg', bytes.subarray(0, bytes.length / 2));
        return ['segment', 'cut.jpg', '--text', 'cat'];
      },
      3,
      'image-unreadable',
    ],
    [
      'a mask of another size',
      async () => {
        const rle = encodeRle({ width: 2, height: 2, data: Uint8Array.of(0, 1, 1, 0) });
        await workplace.writeBroken('small.json', JSON.stringify(rle));
        return ['segment', photo, '--mask', 'small.json'];
      },
      3,
      'invalid-input',
    ],
    [
      'a folder that is no model',
      () => ['segment', photo, '--model', workplace.folder, '--text', 'cat'],
      3,
      'not-found',
    ],
    [
      'a text longer than the model reads',
      () => ['segment', photo, '--text', 'a red ball '.repeat(4000)],
      3,
      'invalid-input',
    ],
    [
      'choices longer than the model reads',
      () => ['ask', photo, '--text', 'What is it?', '--choices', `dog,${'cat '.repeat(1000)}`],
      3,
      'invalid-input',
    ],
    [
      'more regions than the model can name',
      () => ['segment', photo, ...Array.from({ length: 16 }, () => ['--box', '1,1,5,5']).flat()],
      3,
      'invalid-input',
    ],
  ];
  test.each(cases)('%s is named, with its exit code', async (_, words, exitCode, errorCode) => {
    const { code, value } = await workplace.json<Failure>(...(await words()));
    expect(code).toBe(exitCode);
    expect(value.error.code).toBe(errorCode);
    expect(value.error.message).toMatch(/\.$/);
  });

  test.each([
    ['an unknown command', ['paint']],
    ['an unknown option', ['segment', 'photo.jpg', '--colour', 'red']],
    ['a point without its y', ['segment', 'photo.jpg', '--point', '3']],
    ['a box without a size', ['segment', 'photo.jpg', '--box', '3,3,0,5']],
    ['more threads than there can be', ['segment', 'photo.jpg', '--threads', '1000000000']],
    ['the prompt is empty', ['segment', 'photo.jpg']],
    ['a question without words', ['ask', 'photo.jpg']],
  ])('%s is a usage error and prints nothing on stdout', async (_, words) => {
    const { code, stdout, stderr } = await workplace.run(...words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
  });
});

test('a reader that goes away early ends no command', async () => {
  const file = workplace.path('unread.png');
  const { child, finished } = workplace.start(['segment', photo, '--text', 'a', '--overlay', file]);
  child.stdout!.destroy();
  const { code, stderr } = await finished;
  expect(stderr).not.toContain('EPIPE');
  expect(code).toBe(0);
  expect((await sharp(file).metadata()).width).toBe(64);
});

test('running a model writes nothing into the home folder: no one is told of it', async () => {
  const home = workplace.path('empty home');
  await mkdir(home);
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CACHE_HOME', undefined);
  vi.stubEnv('ORT_DISABLE_TELEMETRY', undefined);
  const { code } = await workplace.run('segment', photo, '--text', 'a');
  vi.unstubAllEnvs();
  expect(code).toBe(0);
  expect(await readdir(home)).toEqual([]);
});
