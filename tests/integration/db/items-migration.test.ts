import fc from 'fast-check';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { textOfWords } from '../../../core/project/make-item.ts';
import type { Item } from '../../../core/records.ts';
import { Database } from '../../../db/database.ts';
import { migrate, migrations } from '../../../db/migrate.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { rescueProject } from '../../../db/rescue.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { temporaryFolder } from './temporary-project.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/projects', import.meta.url));

/** A text as versions before 70 had it inside an image or an annotation. */
type OldText = Readonly<Record<string, unknown>> & { readonly id: string; readonly kind: string };
/** The texts of the image and of two annotations after a step. */
type OldTexts = Readonly<Record<'image' | 'left' | 'right', readonly OldText[]>>;

const image = makeImage('folder', { id: 'image', path: 'a.jpg' });
const left = makeAnnotation('image', { id: 'left', createdAtMs: 5 });
const right = makeAnnotation('image', { id: 'right', createdAtMs: 6 });

const words = fc.string({ unit: 'binary', maxLength: 12 });
const provenance = fc.constantFrom({ source: 'person' }, { source: 'import', file: 'a.json' });
const textArbitrary: fc.Arbitrary<OldText> = fc
  .tuple(
    // Ids that two owners, or a text and an annotation, may share: older versions did not forbid
    // it.
    fc.constantFrom('t1', 't2', 't3', 'left', '0192f3a0-0000-7000-8000-000000000001'),
    provenance,
    fc.constantFrom({}, { verdict: 'right' }, { verdict: 'wrong' }, { mood: 'own key' }),
    fc.oneof(
      fc.record({ kind: fc.constantFrom('description', 'referring'), text: words }),
      fc.record({
        kind: fc.constant('question'),
        question: words,
        choices: fc.array(words, { maxLength: 3 }),
        answer: words,
      }),
    ),
  )
  .map(([id, from, more, said]) => ({ id, provenance: from, ...more, ...said }));
const textsArbitrary: fc.Arbitrary<OldTexts> = fc.record({
  image: fc.array(textArbitrary, { maxLength: 2 }),
  left: fc.array(textArbitrary, { maxLength: 3 }),
  right: fc.array(textArbitrary, { maxLength: 2 }),
});

const owners = { image, left, right } as const;
type OwnerName = keyof typeof owners;
const names = Object.keys(owners) as OwnerName[];
const owned = (name: OwnerName, texts: OldTexts) => ({ ...owners[name], texts: texts[name] });

/**
 * A file of version 60 or 65: each state of the texts is a step of its journal, the last ones
 * undone. In version 65 the journal has no copy of the annotations that the first step added.
 */
function writeOlder(states: readonly OldTexts[], undone: number, version: 60 | 65 = 60): string {
  const file = join(temporaryFolder(), 'older.pixelsail');
  const older = new Database(file, { mustExist: false });
  older.pragma('application_id = 1350062945');
  migrate(
    older,
    migrations.filter((migration) => migration.version <= version),
  );
  const done = states.slice(0, states.length - undone);
  const last = done.at(-1)!;
  older.exec(`
    INSERT INTO project (id, name, created_at_ms) VALUES (1, 'Older', 0);
    INSERT INTO image_folder VALUES ('folder', 'photos')`);
  older.run(
    `INSERT INTO image (id, folder_id, path, width, height, orientation, sha256, state, texts, extra,
       annotation_count, text_count)
     VALUES ('image', 'folder', 'a.jpg', 640, 480, 1, @sha256, 'untouched', @texts, '{}', 2, @worded)`,
    {
      sha256: image.sha256,
      texts: JSON.stringify(last.image),
      worded: Number(last.left.length > 0) + Number(last.right.length > 0),
    },
  );
  older.exec('INSERT INTO image_search (rowid, words) SELECT export_id, words FROM image_words');
  for (const [index, one] of [left, right].entries()) {
    older.run(
      `INSERT INTO annotation (id, image_id, x, y, w, h, area, crowd, z_order, created_at_ms, updated_at_ms,
         attributes, texts, provenance, extra, geometry)
       VALUES (@id, 'image', 10, 20, 30, 40, 1200, 0, 0, @createdAtMs, 1, '{}', @texts, @provenance, '{}', @geometry)`,
      {
        id: one.id,
        createdAtMs: one.createdAtMs,
        texts: JSON.stringify(last[one.id as OwnerName]),
        provenance: JSON.stringify(one.provenance),
        geometry: JSON.stringify(one.geometry),
      },
    );
    const box = [index + 1, 1, 1, 10, 40, 20, 60];
    older.run('INSERT INTO annotation_box VALUES (?, ?, ?, ?, ?, ?, ?)', box);
  }
  older.exec(`
    INSERT INTO annotation_search (rowid, words) SELECT export_id, words FROM annotation_words;
    INSERT INTO category_count VALUES ('', 2, 1);
    INSERT INTO area_count VALUES (10, 2)`);
  const copied = version === 65 ? names.slice(0, 1) : names;
  for (const [index, state] of states.entries()) {
    const before = states[index - 1];
    const changed = before ? names.filter((name) => before[name] !== state[name]) : [];
    const diff = {
      added: before ? {} : Object.fromEntries(copied.map((name) => [name, owned(name, state)])),
      updated: Object.fromEntries(
        changed.map((name) => [name, [owned(name, before!), owned(name, state)]]),
      ),
      removed: {},
    };
    const { lastRowId } = older.run(
      'INSERT INTO journal_step (label, at_ms, done, state_changes) VALUES (@label, @atMs, @done, @changes)',
      {
        label: `Step ${index}`,
        atMs: 100 + index,
        done: Number(index < done.length),
        changes: before ? '{}' : '{"untouched":1}',
      },
    );
    older.run(
      'INSERT INTO journal_diff (step_id, encoding, diff) VALUES (@step, @encoding, @diff)',
      {
        step: lastRowId,
        encoding: index % 2 ? 'deflate' : 'json',
        diff: index % 2 ? deflateRawSync(JSON.stringify(diff)) : Buffer.from(JSON.stringify(diff)),
      },
    );
  }
  if (version === 65) {
    older.exec(`UPDATE journal_diff SET standing = '{"left":0,"right":0}' WHERE id = 1`);
  }
  older.close();
  return file;
}

/** Items as the old texts of an owner; `extra` has the keys that texts never had. */
function asOldTexts(items: readonly Item[], owner: OwnerName): object[] {
  return items
    .filter(({ segments }) =>
      owner === 'image' ? segments.length === 0 : segments[0]?.annotationId === owner,
    )
    .map((item) => ({ provenance: item.provenance, ...item.extra, ...textOfWords(item) }));
}

function expectTexts(database: ProjectDatabase, texts: OldTexts): void {
  const items = database.items('image');
  const reviews = database.reviews('image');
  for (const name of names) {
    const plain = texts[name].map((text) =>
      Object.fromEntries(Object.entries(text).filter(([key]) => !['id', 'verdict'].includes(key))),
    );
    const found = asOldTexts(items, name);
    expect(found).toHaveLength(plain.length);
    expect(found).toEqual(expect.arrayContaining(plain));
  }
  const verdicts = names.flatMap((name) => texts[name].flatMap(({ verdict }) => verdict ?? []));
  const given = reviews.map(({ verdict }) => (verdict === 'accept' ? 'right' : 'wrong'));
  expect(given.sort()).toEqual(verdicts.sort());
}

test('every text of every step comes through the migration, and its history goes back and forth', () => {
  fc.assert(
    fc.property(
      fc.array(textsArbitrary, { minLength: 1, maxLength: 5 }),
      fc.nat(3),
      fc.constantFrom(60 as const, 65 as const),
      (states, wanted, version) => {
        const undone = Math.min(wanted, states.length - 1);
        const database = openProjectDatabase(writeOlder(states, undone, version));
        try {
          expect(database.check().map(({ message }) => message)).toEqual([]);
          let at = states.length - 1 - undone;
          expectTexts(database, states[at]!);
          for (; at > 0; at--) {
            database.undo();
            expectTexts(database, states[at - 1]!);
          }
          database.undo();
          expect([database.imageCount(), [...database.exportItems()]]).toEqual([0, []]);
          for (const state of states) {
            database.redo();
            expectTexts(database, state);
          }
          expect(database.check().map(({ message }) => message)).toEqual([]);
        } finally {
          database.close();
        }
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

test('a text keeps its id, its words are found, and the time of its verdict is that of the step', () => {
  const text = { id: 't1', kind: 'referring', text: 'the heron', provenance: { source: 'person' } };
  const none = { image: [], left: [], right: [] };
  const states = [
    none,
    { ...none, left: [text] },
    { ...none, left: [{ ...text, verdict: 'wrong' }] },
  ];
  const database = openProjectDatabase(writeOlder(states, 0));
  onTestFinished(() => database.close());
  expect(database.items('image')).toMatchObject([
    {
      id: 't1',
      task: 'referring',
      segments: [{ tag: 'region1', annotationId: 'left', role: 'target' }],
      content: { question: 'the heron', answer: '[region1]' },
      author: null,
      createdAtMs: 5,
    },
  ]);
  expect(database.reviews('image')).toMatchObject([
    { itemId: 't1', verdict: 'reject', reviewer: null, atMs: 102 },
  ]);
  expect(database.imageCount({ text: 'heron' })).toBe(1);
  expect(database.imageCount({ hasTexts: true })).toBe(1);
});

test('a text that goes over to another region goes back to its own when that is undone', () => {
  const text = { id: 't1', kind: 'description', text: 'x', provenance: { source: 'person' } };
  const none = { image: [], left: [], right: [] };
  const states = [
    { ...none, left: [text] },
    { ...none, right: [text] },
  ];
  const database = openProjectDatabase(writeOlder(states, 0));
  onTestFinished(() => database.close());
  const region = () => database.items('image')[0]?.segments[0]?.annotationId;
  expect(region()).toBe('right');
  database.undo();
  expect([database.items('image')[0]?.id, region()]).toEqual(['t1', 'left']);
});

test.each(['version-10.pixelsail', 'version-20.pixelsail'])(
  'a rescue of %s, whose records have texts inside, brings them as items',
  async (name) => {
    const folder = temporaryFolder();
    const file = join(folder, name);
    copyFileSync(join(fixtures, name), file);
    const target = join(folder, 'rescued.pixelsail');
    const report = await rescueProject(file, target);
    expect(report).toMatchObject({ items: 4, leftOut: [] });
    const database = openProjectDatabase(target);
    onTestFinished(() => database.close());
    expect(database.imageCount({ text: 'caption of the photo' })).toBe(1);
    expect(database.check()).toEqual([]);
  },
);
