import { expect, test } from 'vitest';
import { scoreHandlers } from '../../../app/features/scores/handlers.ts';
import type { Session } from '../../../app/session.ts';
import { addition } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import { makeAnnotation, makeImage } from '../db/make-records.ts';
import { temporaryProject } from '../db/temporary-project.ts';

test('a person who writes during a large undo holds up nobody, and waits for its turn', async () => {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  database.apply('Add the image', addition(image));
  const annotations = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  database.apply('Add annotations', addition(...annotations));
  const undone = database.gradually.undo();
  const session = { project: () => database } as unknown as Session;
  const removed = scoreHandlers['scores.remove']({ runId: newId() }, session);
  // A write at once would have taken the undo to its end first.
  expect(database.annotationCount()).toBe(3000);
  expect(await removed).toEqual([]);
  expect(database.annotationCount()).toBe(0);
  expect((await undone)?.label).toBe('Add annotations');
  await database.endReads();
});
