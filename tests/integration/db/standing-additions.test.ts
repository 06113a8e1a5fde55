import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { addition, removal, replacement } from '../../../core/diff.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeCategory, makeImage } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

const ring = Array.from({ length: 200 }, (_, index) => index / 7);
const outline = makeAnnotation('image', {
  id: 'outline',
  geometry: { kind: 'polygon', parts: [{ outer: ring, holes: [] }] },
  extra: { z: 1, a: { y: 2, b: [1, { d: 3, c: 4 }] } },
});

/** A project with an image, to which a step adds an outline, a box and a category. */
function projectWithOutline(): ProjectDatabase {
  const project = temporaryProject();
  const { id } = project.addFolder('photos');
  project.apply('Add photo', addition(makeImage(id, { id: 'image' })));
  const box = makeAnnotation('image', { id: 'box' });
  project.apply('Annotate', addition(makeCategory({ id: 'category' }), outline, box));
  return project;
}

/** The size of each diff in the journal in characters, and its annotations. */
function journalOf({ file }: ProjectDatabase): { length: number; standing: string[] }[] {
  const raw = new Sqlite(file, { readonly: true });
  try {
    return raw
      .prepare<[], { length: number; standing: string }>(
        'SELECT length(diff) AS length, standing FROM journal_diff ORDER BY id',
      )
      .all()
      .map(({ length, standing }) => {
        return { length, standing: Object.keys(JSON.parse(standing) as object) };
      });
  } finally {
    raw.close();
  }
}

test('annotations that are added are not written a second time, until they leave the table', () => {
  let project = projectWithOutline();
  const stored = project.annotations('image');
  const [, written] = journalOf(project);
  expect(written).toEqual({ length: expect.any(Number) as number, standing: ['outline', 'box'] });
  expect(written!.length).toBeLessThan(400);

  project = reopen(project);
  expect(project.undo()?.diff.removed).toMatchObject({ outline, box: { id: 'box' } });
  expect(project.annotations('image')).toEqual([]);
  expect(journalOf(project)[1]).toMatchObject({ standing: [] });

  project = reopen(project);
  expect(project.redo()?.diff.added).toMatchObject({ outline });
  expect(project.annotations('image')).toEqual(stored);
  expect(project.check()).toEqual([]);
  project.undo();
  project.redo();
  expect(project.check()).toEqual([]);
});

test('a later change of an added annotation, and its removal, are taken back before the addition', () => {
  let project = projectWithOutline();
  project.apply('Move', replacement(outline, { ...outline, area: 7, extra: {} }));
  project.apply('Delete', removal({ ...outline, area: 7, extra: {} }));
  project = reopen(project);
  expect(project.check()).toEqual([]);
  while (project.undo());
  expect(project.annotationCount()).toBe(0);
  expect(project.check()).toEqual([]);
  while (project.redo());
  expect(project.annotations('image').map(({ id }) => id)).toEqual(['box']);
  expect(project.check()).toEqual([]);
  project.undo();
  project.undo();
  expect(project.annotation('outline')).toEqual(outline);
});

test('an addition that another window changed since is not taken back, and is when it is as it was', () => {
  const database = projectWithOutline();
  const open = ['first', 'second'];
  const [first, second] = open.map((id) =>
    database.by({ person: null, window: id, others: () => open.filter((other) => other !== id) }),
  );
  const drawn = makeAnnotation('image', { id: 'drawn' });
  first!.apply('Draw', addition(drawn));
  second!.apply('Move', replacement(drawn, { ...drawn, area: 7 }));
  expect(() => first!.undo()).toThrow(
    expect.objectContaining({ code: 'conflict', sentence: 'undoAcrossOthers' }),
  );
  expect(database.annotation('drawn')).toMatchObject({ area: 7 });
  second!.apply('Move back', replacement({ ...drawn, area: 7 }, drawn));
  expect(first!.undo()).toMatchObject({ label: 'Draw', diff: removal(drawn) });
  expect(database.annotation('drawn')).toBeNull();
  expect(first!.redo()).toMatchObject({ label: 'Draw' });
  expect(database.annotation('drawn')).toEqual(drawn);
  expect(database.check()).toEqual([]);
});

const damages: [what: string, sql: string, undo: object, check: string][] = [
  [
    'no list of checksums',
    `UPDATE journal_diff SET standing = '{"outline":"x"}' WHERE id = 2`,
    { detail: { kind: 'journal step', id: '2', column: 'standing' } },
    'The standing of the journal step 2',
  ],
  [
    'another checksum',
    `UPDATE journal_diff SET standing = '{"outline":5,"box":5}' WHERE id = 2`,
    { code: 'conflict' },
    'The current annotation outline differs from the result of the journal.',
  ],
  [
    'an annotation that is not there',
    `UPDATE journal_diff SET standing = json_set(standing, '$.stranger', 5) WHERE id = 2`,
    { code: 'conflict', message: expect.stringContaining('stranger does not exist') as string },
    'Record stranger of the journal is missing from the tables.',
  ],
  [
    'nothing of an annotation',
    `UPDATE journal_diff SET standing = json_remove(standing, '$.outline') WHERE id = 2`,
    {},
    'The current annotation outline differs from the result of the journal.',
  ],
];

test.each(damages)('a journal that holds %s is found by the check', (_what, sql, undo, check) => {
  const project = projectWithOutline();
  project.close();
  const raw = new Sqlite(project.file);
  raw.exec(sql);
  raw.close();
  const damaged = openProjectDatabase(project.file);
  onTestFinished(() => damaged.close());
  expect(damaged.check().map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringContaining(check)]),
  );
  if (Object.keys(undo).length === 0) return;
  expect(() => damaged.undo()).toThrow(expect.objectContaining(undo));
  expect(damaged.annotations('image')).toHaveLength(2);
});
