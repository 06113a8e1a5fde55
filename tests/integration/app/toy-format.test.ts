import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { addition, replacement } from '../../../core/diff.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import { newId } from '../../../core/ids.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import type { Annotation, ImageRecord } from '../../../core/records.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { runHere } from '../cli/run-here.ts';
import { register, toyFormat } from '../../support/toy-format.ts';

// A format in one file, and everything that the program makes of it.

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let unregister: () => void;
const open = new Set<ProjectDatabase>();

beforeEach(async () => {
  folders = await makeApplicationFolders();
  unregister = register(toyFormat);
});

afterEach(async () => {
  unregister();
  for (const database of open) {
    expect(database.check()).toEqual([]);
    database.close();
  }
  open.clear();
  await folders.remove();
});

const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

async function project(name: string): Promise<ProjectDatabase> {
  const database = createProjectDatabase(join(folders.folder, `${name}.pixelsail`), name);
  open.add(database);
  await importFolder(database, folders.options.samplePhotos, context());
  return database;
}

const imagesOf = (database: ProjectDatabase): ImageRecord[] =>
  Array.from(database.exportImages(), ({ image }) => image);

function annotation(image: ImageRecord, categoryId: string | null, box: Box): Annotation {
  return {
    kind: 'annotation',
    id: newId(),
    imageId: image.id,
    categoryId,
    geometry: { kind: 'box', box },
    bbox: box,
    area: box[2] * box[3],
    crowd: false,
    zOrder: 0,
    attributes: {},
    provenance: { source: 'person' },
    createdAtMs: 0,
    updatedAtMs: 0,
    extra: {},
  };
}

/** Category and box of everything in a project, by file name. */
function boxesIn(database: ProjectDatabase): Record<string, [string | undefined, ...Box][]> {
  const names = new Map(database.categories().map(({ id, name }) => [id, name]));
  return Object.fromEntries(
    imagesOf(database).map(({ id, path }) => [
      path,
      database
        .annotations(id)
        .map(({ categoryId, bbox }): [string | undefined, ...Box] => [
          names.get(categoryId ?? ''),
          ...bbox,
        ]),
    ]),
  );
}

/** A project with a box of category "cat" in its first image. */
async function catProject(): Promise<{ database: ProjectDatabase; image: ImageRecord }> {
  const database = await project('Cats');
  const [image] = imagesOf(database);
  const cat = makeCategory('cat', 0);
  database.apply('Draw', addition(cat, annotation(image!, cat.id, [10, 20, 30, 40])));
  return { database, image: image! };
}

describe('a format in one file', () => {
  test('brings back whatever it holds, in each of its units', async () => {
    const names = fc.constantFrom('cat', 'Dog', '船', 'a b');
    const drawn = fc.array(
      fc.record({
        photo: fc.nat(2),
        name: names,
        x: fc.double({ min: 0, max: 200, noNaN: true }),
        y: fc.double({ min: 0, max: 200, noNaN: true }),
        width: fc.double({ min: 1, max: 80, noNaN: true }),
        height: fc.double({ min: 1, max: 80, noNaN: true }),
      }),
      { maxLength: 8 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(drawn, fc.constantFrom('pixel', 'percent'), async (boxes, unit) => {
        const number = ++run;
        const database = await project(`From${number}`);
        const images = imagesOf(database);
        const categories = ['cat', 'Dog', '船', 'a b'].map((name, index) =>
          makeCategory(name, index),
        );
        const annotations = boxes.map(({ photo, name, x, y, width, height }) =>
          annotation(images[photo]!, categories.find((each) => each.name === name)!.id, [
            ...([x, y, width, height] as const),
          ]),
        );
        const empty = images[3]!;
        database.apply('Draw', addition(...categories, ...annotations));
        database.apply('Say', replacement(empty, { ...empty, state: 'reviewed-empty' }));
        const path = join(folders.folder, `toy${number}`);
        const report = await exportDataset(
          database,
          { path, format: 'toy', options: { unit } },
          context(),
        );
        expect(report).toMatchObject({
          annotations: boxes.length,
          images: new Set(boxes.map(({ photo }) => photo)).size + 1,
          proof: { ok: true, objects: boxes.length, missing: [], extra: [] },
        });

        const other = await project(`To${number}`);
        const imported = await importDataset(other, { path, images: path }, context());
        expect(imported).toMatchObject({ skipped: [], warnings: [], annotations: boxes.length });
        const [before, after] = [boxesIn(database), boxesIn(other)];
        expect(Object.keys(after)).toEqual(Object.keys(before));
        for (const [photo, expected] of Object.entries(before)) {
          expect(after[photo]!.map(([name]) => name)).toEqual(expected.map(([name]) => name));
          after[photo]!.forEach(([, ...box], index) =>
            box.forEach((value, side) =>
              expect(value).toBeCloseTo(expected[index]![side + 1] as number, 6),
            ),
          );
        }
        const states = imagesOf(other).map(({ state }) => state);
        expect(states.filter((state) => state === 'reviewed-empty')).toHaveLength(1);
      }),
      { numRuns: 12 },
    );
  });

  test('leaves out what it cannot hold with a reason, and no image that would teach a falsehood', async () => {
    const { database } = await catProject();
    const [, second, third] = imagesOf(database);
    const nameless = annotation(second!, null, [1, 1, 5, 5]);
    database.apply('Draw', addition(nameless));
    const report = await exportDataset(
      database,
      { path: join(folders.folder, 'toy'), format: 'toy' },
      context(),
    );
    expect(report).toMatchObject({ images: 1, annotations: 1 });
    const reasons = Object.fromEntries(report.skipped.map(({ what, reason }) => [what, reason]));
    expect(reasons[second!.path]).toBe('none of its regions has a category');
    expect(reasons[third!.path]).toBe('it has no regions and is not marked as empty');
    expect(reasons[`${second!.path}, annotation 2`]).toBe('it has no category');
  });

  test('replaces its own earlier folder, but none that others have put something into', async () => {
    const { database, image } = await catProject();
    const path = join(folders.folder, 'toy');
    const again = (overwrite = false) =>
      exportDataset(database, { path, format: 'toy', overwrite }, context());
    await again();
    expect(await again()).toMatchObject({ file: path, proof: { ok: true } });
    await writeFile(join(path, 'mine.txt'), 'mine');
    await expect(again()).rejects.toMatchObject({ sentence: 'exportFolderChanged' });
    expect(await readFile(join(path, 'mine.txt'), 'utf8')).toBe('mine');
    expect(await again(true)).toMatchObject({ proof: { ok: true } });

    const foreign = join(folders.folder, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'notes.txt'), 'mine');
    await expect(
      exportDataset(database, { path: foreign, format: 'toy', overwrite: true }, context()),
    ).rejects.toMatchObject({ sentence: 'exportFolderForeign' });
    expect(await readFile(join(foreign, 'notes.txt'), 'utf8')).toBe('mine');
    expect((await readFile(join(path, `${image.path}.toy`), 'utf8')).split('\n')[1]).toBe(
      'cat\t10\t20\t30\t40',
    );
  });

  test('appears only when it is proven', async () => {
    const { database } = await catProject();
    const wrong = { ...toyFormat, id: 'wrong', writer: { ...toyFormat.writer! } };
    wrong.writer.expected = () => ({ kind: 'box', box: [10, 20, 31, 40] });
    const unregisterWrong = register(wrong);
    const path = join(folders.folder, 'wrong');
    try {
      await expect(
        exportDataset(database, { path, format: 'wrong' }, context()),
      ).rejects.toMatchObject({ code: 'export-proof-failed', sentence: 'exportDiffers' });
      await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
    } finally {
      unregisterWrong();
    }
  });

  test('is listed, explained and taken by the command line', async () => {
    const { database } = await catProject();
    const { file } = database;
    open.delete(database);
    database.close();
    const listed = await runHere('formats');
    expect(listed.stdout).toMatch(/^Toy boxes +toy +yes +a folder +Everything but boxes with/m);
    for (const command of ['import', 'export']) {
      const { stdout } = await runHere(command, '--help');
      expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/\(choices: "coco", [^)]*"toy"/);
    }
    expect((await runHere('export', '--help')).stdout).toContain(
      'unit=pixel|percent (default: pixel)  Unit of boxes',
    );
    const target = join(folders.folder, 'Cats-toy');
    const wrong = await runHere('export', file, '--format', 'toy', '--option', 'unit=mile');
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('"unit" of Toy boxes')]);
    const done = await runHere('export', file, '--format', 'toy', '--option', 'unit=percent');
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining(`Exported ${target}:`)]);
    const again = await runHere('import', file, target, '--json');
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
      0,
      { annotations: 0, existing: { alreadyThere: 1 } },
    ]);
  });

  test('keeps the sound lines beside bad ones, and follows no link out of the dataset', async () => {
    const database = await project('Lines');
    const [image] = imagesOf(database);
    const path = join(folders.folder, 'lines');
    await mkdir(path);
    const { width, height } = image!;
    const lines = [
      JSON.stringify({ width, height, isEmpty: false, unit: 'pixel' }),
      'cat\t1\t1\t5\t5',
      'cat\t1\t1',
      'cat\tNaN\t1\t5\t5',
      'cat\t-3\t1\t5\t5',
      '\t7\t7\t5\t5',
    ];
    await writeFile(join(path, `${image!.path}.toy`), lines.join('\n'));
    const outside = join(folders.folder, 'outside.toy');
    await writeFile(outside, '{}');
    await symlink(outside, join(path, 'link.jpg.toy'));
    const report = await importDataset(database, { path, images: path }, context());
    const name = `${image!.path}.toy`;
    expect(report.annotations).toBe(3);
    expect(report.skipped).toMatchObject([
      { what: `${name} line 3`, reason: 'it is no line of four numbers but "cat\\t1\\t1"' },
      { what: `${name} line 4`, reason: expect.stringContaining('four finite numbers') },
    ]);
    expect(report.warnings).toMatchObject([
      { what: `${name} line 5`, reason: expect.stringContaining('it is clipped') },
      { what: `${name} line 6`, reason: 'it has no category; it is kept without a category' },
    ]);
    await rm(outside);
  });
});
