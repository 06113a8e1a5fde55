import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addition, applyDiff, emptyDiff, replacement, type Records } from '../../../core/diff.ts';
import type { ImageRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { makeImage } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

/**
 * A project in which one image went through a number of labels, one step each; the first step adds
 * it.
 */
function withSteps(count: number): { database: ProjectDatabase; imageId: string } {
  const database = temporaryProject();
  let image = makeImage(database.addFolder('photos').id, { path: '0.jpg' });
  database.apply('Add', addition(image), { imageId: image.id });
  for (let step = 1; step < count; step++) {
    const next = { ...image, path: `${step}.jpg` };
    database.apply(`Step ${step}`, replacement(image, next), { imageId: image.id });
    image = next;
  }
  return { database, imageId: image.id };
}

test('travelling to a step leads where undo and redo lead, in either direction, after a restart too', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }), (targets) => {
      const { imageId, ...first } = withSteps(6);
      let { database } = first;
      const ids = database
        .history()
        .map(({ id }) => id)
        .reverse();
      let shown: Records = new Map([[imageId, database.image(imageId)!]]);
      for (const target of targets) {
        const travelled = database.travelTo(target === 0 ? 0 : ids[target - 1]!);
        shown = applyDiff(shown, travelled?.diff ?? emptyDiff());
        expect([...shown.values()].map((record) => (record as ImageRecord).path)).toEqual(
          target === 0 ? [] : [`${target - 1}.jpg`],
        );
        expect(shown.get(imageId) ?? null).toEqual(database.image(imageId));
        expect(database.history().map(({ done }) => done)).toEqual(
          ids.map((_, index) => index < target).reverse(),
        );
        database = reopen(database);
      }
    }),
    { numRuns: 8 },
  );
});

test('travelling to the step that is the newest does nothing', () => {
  const { database } = withSteps(3);
  expect(database.travelTo(database.history()[0]!.id)).toBeNull();
});

test('history names the image of a step while the project has it', () => {
  const { database } = withSteps(2);
  expect(database.history().map(({ imagePath }) => imagePath)).toEqual(['1.jpg', '1.jpg']);
  database.travelTo(0);
  expect(database.history().map(({ imagePath }) => imagePath)).toEqual([null, null]);
});
