import { expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { Database } from '../../../db/database.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import {
  makeAnnotation,
  makeCategory,
  makeDescription,
  makeImage,
  makeReview,
} from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

/** Each breaks one promise that the tables make, and names what the check must say. */
const damages: [sql: string, problem: RegExp][] = [
  ['UPDATE image SET annotation_count = 7', /Image image has a wrong annotation count/],
  ['UPDATE image SET item_count = 0', /Image image has a wrong count of items/],
  ['UPDATE image SET outline_count = 1', /Image image has a wrong count of items, or of ann/],
  ['UPDATE category_count SET images = 2', /count of annotations without a category is wrong/],
  ["INSERT INTO category_count VALUES ('gone', 1, 1)", /annotations of category gone is wrong/],
  ['DELETE FROM area_count', /area of 2 to the power of 10 is wrong/],
  ["UPDATE journal_step SET state_changes = '{}'", /Step 1 of the journal has wrong counts/],
  ['DELETE FROM annotation_box', /Annotation annotation has a wrong box/],
  ['UPDATE annotation_box SET x_max = x_min', /Annotation annotation has a wrong box/],
  [
    'UPDATE annotation_box SET image_min = 9, image_max = 9',
    /Annotation annotation has a wrong box/,
  ],
  [
    'INSERT INTO annotation_box VALUES (99, 1, 1, 0, 1, 0, 1)',
    /Box 99 of the spatial index has no annotation/,
  ],
  ["UPDATE image_search SET words = 'other'", /wrong words for image 1/],
  ['DELETE FROM item_search', /wrong words for item 1/],
  ["INSERT INTO item_search (rowid, words) VALUES (5, 'x')", /wrong words for item 5/],
  ['DELETE FROM item_segment', /differs from the segments of item about/],
  ["INSERT INTO item_segment VALUES ('annotation', 'stray')", /the segments of item stray/],
  ['DELETE FROM review', /Record said of the journal is missing/],
  ["UPDATE item SET task = 'poem'", /content of the item about cannot be read/],
  ["UPDATE annotation SET image_id = 'lost'", /annotation 1 refers to a missing image/],
  ['UPDATE journal_step SET done = 0 WHERE id = 1', /Step 2 of the journal is done/],
  ['UPDATE annotation SET area = 5', /The current annotation annotation differs from the result/],
  [
    "INSERT INTO category SELECT 9, 'stray', name, parent_id, color, attributes, extra, NULL, NULL FROM category",
    /current category stray/,
  ],
  [
    'DELETE FROM journal_diff WHERE step_id = 2',
    /The current category category differs from the result/,
  ],
  ['DELETE FROM category', /Record category of the journal is missing/],
];

test('the check finds nothing in a sound project and every broken promise in others', async () => {
  let database = temporaryProject();
  const folder = database.addFolder('photos');
  const image = makeImage(folder.id, { id: 'image' });
  const annotation = makeAnnotation(image.id, { id: 'annotation' });
  const about = { ...makeDescription(annotation, 'a heron'), id: 'about' };
  const caption = makeDescription(image, 'a heron');
  const said = makeReview(about, { id: 'said' });
  database.apply('Add', addition(image, annotation, about, caption, said));
  database.apply('Add', addition(makeCategory({ id: 'category' })));
  database = reopen(database);
  expect(database.check()).toEqual([]);

  for (const [index, [sql, problem]] of damages.entries()) {
    const copy = `${database.file}.${index}`;
    await database.backup(copy);
    const raw = new Database(copy, { mustExist: true });
    raw.pragma('foreign_keys = OFF');
    raw.exec(sql);
    raw.close();
    const damaged = openProjectDatabase(copy);
    expect([sql, damaged.check().map(({ message }) => message)]).toEqual([
      sql,
      expect.arrayContaining([expect.stringMatching(problem)]),
    ]);
    expect(damaged.check().filter(({ sentence }) => sentence === null)).toEqual([]);
    damaged.close();
  }
}, 120_000);
