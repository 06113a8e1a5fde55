import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BatchReport } from '../../../app/api/contract/jobs.ts';
import { addition, replacement } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import type { Annotation } from '../../../core/records.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { detectorFile } from '../../support/detector-fixture.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
beforeAll(() => workplace.convertModel());
afterAll(() => workplace.remove());

let name: string;
let projects = 0;
const file = () => workplace.path(name, `${name}.pixelsail`);

async function makeProject(photos: number): Promise<void> {
  const paths = Array.from({ length: photos }, (_, index) => `${name}-photos/${index}.jpg`);
  await workplace.drawPhotos(...paths);
  await workplace.run('init', name);
  await workplace.run('import', name, `${name}-photos`);
}

function look<Result>(read: (database: ProjectDatabase) => Result): Result {
  const database = openProjectDatabase(file());
  try {
    return read(database);
  } finally {
    database.close();
  }
}

const allAnnotations = (database: ProjectDatabase) =>
  [...database.exportAnnotations()].map(({ annotation }) => annotation);

beforeEach(() => {
  name = `project ${++projects}`;
});

describe('annotate with a detector', () => {
  beforeAll(async () => {
    const add = [
      'models',
      'add',
      detectorFile('yolo11'),
      '--id',
      'finder',
      '--license',
      'AGPL-3.0',
    ];
    expect((await workplace.run(...add)).code).toBe(0);
  });

  test('labels by the classes of the detector, as boxes', async () => {
    await makeProject(1);
    const options = ['--model', 'finder', '--min-score', '0.05'];
    const all = await workplace.run('annotate', name, '--everything', ...options);
    expect(all.code).toBe(0);
    const annotations = look(allAnnotations);
    expect(annotations.length).toBeGreaterThan(0);
    const ids = new Map(look((database) => database.categories()).map((c) => [c.id, c.name]));
    for (const { geometry, categoryId, provenance } of annotations) {
      expect(geometry.kind).toBe('box');
      expect(['disc', 'box', 'ground']).toContain(ids.get(categoryId!));
      expect(provenance).toMatchObject({ source: 'model', model: { id: 'finder' } });
      expect(provenance).toHaveProperty('score');
    }
  });

  test('names its classes to who asks for another one, before anything is done', async () => {
    await makeProject(1);
    const asked = await workplace.run(
      'annotate',
      name,
      '--categories',
      'wolf',
      '--model',
      'finder',
    );
    expect([asked.code, asked.stderr]).toEqual([3, expect.stringContaining('disc, box, ground')]);
  });

  test('asks another model about the boxes that the detector finds, and names both', async () => {
    await makeProject(1);
    const options = ['--detector', 'finder', '--detector-score', '0.05'];
    const { code, value } = await workplace.json<BatchReport>('annotate', name, ...options);
    expect([code, value.images]).toEqual([0, 1]);
    const annotations = look(allAnnotations);
    expect(annotations.length).toBeGreaterThan(0);
    for (const { geometry, provenance } of annotations) {
      expect(geometry.kind).toBe('mask');
      expect(provenance).toMatchObject({
        model: { id: 'tiny' },
        detector: { id: 'finder' },
        request: {
          regions: expect.arrayContaining([{ marks: [{ kind: 'box', box: expect.anything() }] }]),
        },
      });
    }
    const again = await workplace.json<BatchReport>('annotate', name, ...options);
    expect(again.value).toMatchObject({ images: 0, doneBefore: 1 });
  });
});

describe('annotate', () => {
  test('keeps a mask for each box of another dataset, with where it came from', async () => {
    await makeProject(2);
    const coco = {
      images: [
        { id: 1, file_name: '0.jpg' },
        { id: 2, file_name: 'elsewhere/1.jpg' },
        { id: 3, file_name: 'not here.jpg' },
      ],
      categories: [{ id: 1, name: 'square' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, bbox: [16, 12, 24, 24] },
        { id: 2, image_id: 2, category_id: 1, bbox: [0, 0, 30, 30] },
        { id: 3, image_id: 2, category_id: 1, bbox: [0, 0, 0, 0] },
      ],
    };
    await writeFile(workplace.path('boxes.json'), JSON.stringify(coco));
    const { code, value } = await workplace.json<BatchReport & { skipped: { what: string }[] }>(
      ...['annotate', name, '--boxes', 'boxes.json'],
    );
    expect(code).toBe(4);
    expect(value.skipped.map(({ what }) => what)).toEqual(['images[2]', 'annotations[2]']);
    const annotations = look(allAnnotations);
    expect(annotations).toHaveLength(value.annotations);
    expect(annotations.length).toBeGreaterThan(0);
    for (const { provenance, categoryId } of annotations) {
      expect(provenance).toMatchObject({
        source: 'model',
        model: { id: 'tiny' },
        request: { regions: [{ marks: [{ kind: 'box' }] }] },
        threshold: 0.5,
      });
      expect(
        look((database) => database.categories()).find(({ id }) => id === categoryId)?.name,
      ).toBe('square');
    }
  });

  test('does the same request only once, and another request again', async () => {
    await makeProject(2);
    const first = await workplace.json<BatchReport>(
      'annotate',
      name,
      '--everything',
      '--grid',
      '2',
    );
    expect(first.value).toMatchObject({ isComplete: true, images: 2, failed: [] });
    const again = await workplace.json<BatchReport>(
      'annotate',
      name,
      '--everything',
      '--grid',
      '2',
    );
    expect(again.value).toMatchObject({ images: 0, annotations: 0, doneBefore: 2 });
    const other = await workplace.json<BatchReport>(
      'annotate',
      name,
      '--everything',
      '--grid',
      '1',
    );
    expect(other.value).toMatchObject({ images: 2, doneBefore: 0 });
  });

  test('goes on after an image that cannot be read and names it', async () => {
    await makeProject(3);
    await workplace.writeBroken(`${name}-photos/1.jpg`, 'no photo any more');
    const { code, value } = await workplace.json<BatchReport>(
      ...['annotate', name, '--everything', '--grid', '1'],
    );
    expect(code).toBe(4);
    expect(value).toMatchObject({ isComplete: true, images: 2 });
    expect(value.failed).toEqual([{ what: '1.jpg', reason: expect.stringContaining('1.jpg') }]);
  });

  test('leaves what a person made and reviewed as it is', async () => {
    await makeProject(2);
    const drawn = look((database) => {
      const [first, second] = database.images({ order: 'path' });
      const image = database.image(second!.id)!;
      database.apply('Review', replacement(image, { ...image, state: 'reviewed-empty' }));
      const annotation = personsBox(first!.id);
      database.apply('Draw', addition(annotation));
      return annotation;
    });
    const { value } = await workplace.json<BatchReport>(
      ...['annotate', name, '--everything', '--grid', '2'],
    );
    expect(value).toMatchObject({ images: 1, reviewed: 1 });
    expect(value.annotations).toBeGreaterThan(0);
    look((database) => {
      expect(database.image(drawn.imageId)!.state).toBe('to-check');
      expect(database.annotation(drawn.id)).toEqual(drawn);
      const reviewed = [...database.exportImages()].find(({ image }) => image.path === '1.jpg')!;
      expect(database.annotations(reviewed.image.id)).toEqual([]);
      expect(reviewed.image.state).toBe('reviewed-empty');
    });
  });

  test('gives everything that it finds the category it is told, and nothing that is there another', async () => {
    await makeProject(1);
    const words = ['annotate', name, '--everything', '--grid', '2'];
    const { value } = await workplace.json<BatchReport>(...words, '--category', 'thing');
    expect(value.annotations).toBeGreaterThan(0);
    const [thing] = look((database) => database.categories());
    expect(thing!.name).toBe('thing');
    expect(new Set(look(allAnnotations).map(({ categoryId }) => categoryId))).toEqual(
      new Set([thing!.id]),
    );
    const other = await workplace.json<BatchReport>(...words, '--category', 'other thing');
    expect(other.value).toMatchObject({ annotations: 0, repeated: value.annotations });
  });

  test('is taken back by one undo and can then be done again', async () => {
    await makeProject(2);
    const words = ['annotate', name, '--everything', '--grid', '1'];
    const first = await workplace.json<BatchReport>(...words);
    look((database) => database.undo());
    expect(look(allAnnotations)).toEqual([]);
    const again = await workplace.json<BatchReport>(...words);
    expect(again.value).toMatchObject({ images: 2, annotations: first.value.annotations });
  });

  test('keeps what is done on Ctrl-C, and the same command finishes the rest', async () => {
    await makeProject(12);
    const words = ['annotate', name, '--everything', '--grid', '12'];
    const running = workplace.start([...words, '--json']);
    await running.seen('1 of 12');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toContain(`pixelsail annotate '${name}' --everything --grid 12`);
    const stopped = JSON.parse(stdout) as BatchReport;
    expect(stopped.isComplete).toBe(false);
    expect(stopped.images).toBeGreaterThanOrEqual(1);
    expect(stopped.images).toBeLessThan(12);
    expect(look(allAnnotations)).toHaveLength(stopped.annotations);

    const { value } = await workplace.json<BatchReport>(...words);
    expect(value).toMatchObject({ isComplete: true, doneBefore: stopped.images });
    expect(value.images).toBe(12 - stopped.images);
    expect(look(allAnnotations)).toHaveLength(stopped.annotations + value.annotations);
    expect(look((database) => database.check())).toEqual([]);
  });

  test.each(['--text', '--categories'])(
    'refuses words of %s that the model cannot read before it looks at any image',
    async (option) => {
      await makeProject(1);
      const words = 'a red ball '.repeat(4000);
      const { code, value } = await workplace.json<{ error: { code: string } }>(
        ...['annotate', name, option, words],
      );
      expect([code, value.error.code]).toEqual([3, 'invalid-input']);
    },
  );

  test.each([
    ['no task', []],
    ['two tasks', ['--text', 'cat', '--everything']],
    ['a category beside those of the task', ['--categories', 'cat', '--category', 'pet']],
    ['a category beside those of the boxes', ['--boxes', 'boxes.json', '--category', 'pet']],
    ['an address to listen on for no workers', ['--categories', 'cat', '--listen', '127.0.0.1:0']],
    ['a score that is none', ['--everything', '--min-score', 'high']],
  ])('refuses %s', async (_, words) => {
    const { code, stdout } = await workplace.run('annotate', 'anywhere', ...words);
    expect([code, stdout]).toEqual([2, '']);
  });
});

function personsBox(imageId: string): Annotation {
  return {
    kind: 'annotation',
    id: newId(),
    imageId,
    categoryId: null,
    geometry: { kind: 'box', box: [1, 2, 30, 20] },
    bbox: [1, 2, 30, 20],
    area: 600,
    crowd: false,
    zOrder: 0,
    attributes: {},

    provenance: { source: 'person' },
    createdAtMs: 1,
    updatedAtMs: 1,
    extra: {},
  };
}
