import { expect, test } from 'vitest';
import { addition, replacement } from '../../../core/diff.ts';
import type { Annotation, Geometry } from '../../../core/records.ts';
import { Database } from '../../../db/database.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { rescueProject } from '../../../db/rescue.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

const box = { bbox: [0, 0, 8, 6] as [number, number, number, number], area: 48 };

/** All pixels of a mask of the given size. */
function maskOf(width: number, height: number): Geometry {
  // A run of no zeros, then one of all ones, as COCO packs them.
  expect([width, height]).toEqual([8, 6]);
  return { kind: 'mask', rle: { size: [6, 8], counts: '0`1' } };
}

function projectWithMask(): { database: ProjectDatabase; annotation: Annotation } {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id, { id: 'image', width: 8, height: 6 });
  const annotation = makeAnnotation(image.id, { ...box, id: 'masked', geometry: maskOf(8, 6) });
  database.apply('Add', addition(image, annotation));
  return { database, annotation };
}

const refused = { code: 'invalid-input', sentence: 'maskOfOtherSize' };

test('a mask of another size than its image is refused, and nothing of its change is kept', () => {
  const { database, annotation } = projectWithMask();
  const turned: Geometry = { kind: 'mask', rle: { size: [8, 6], counts: '0`1' } };
  const added = makeAnnotation('image', { ...box, geometry: turned });
  const sound = makeAnnotation('image', { id: 'sound' });
  expect(() => database.apply('Add', addition(sound, added))).toThrow(
    expect.objectContaining(refused),
  );
  const changed = replacement(annotation, { ...annotation, geometry: turned });
  expect(() => database.apply('Change', changed)).toThrow(expect.objectContaining(refused));
  expect(database.annotations('image')).toEqual([annotation]);
  expect(database.history()).toHaveLength(1);
});

test('an image does not get another size while it has masks', () => {
  const { database, annotation } = projectWithMask();
  const image = database.image('image')!;
  const larger = replacement(image, { ...image, width: 9 });
  expect(() => database.apply('Resize', larger)).toThrow(
    expect.objectContaining({ ...refused, detail: expect.objectContaining({ id: 'masked' }) }),
  );
  const asBox = { ...annotation, geometry: { kind: 'box' as const, box: box.bbox } };
  database.apply('Change', replacement(annotation, asBox));
  database.apply('Resize', larger);
  expect(database.image('image')!.width).toBe(9);
});

test('the check names a mask of another size, and a rescue leaves it out by name', async () => {
  let { database } = projectWithMask();
  database.apply('Add', addition(makeAnnotation('image', { id: 'boxed' })));
  const { file } = database;
  database.close();
  const damaged = new Database(file, { mustExist: true });
  damaged.run(`UPDATE annotation SET geometry = json_set(geometry, '$.rle.size[0]', 7)
    WHERE id = 'masked'`);
  damaged.close();
  database = reopen(database);
  const problems = database.check().map(({ message }) => message);
  expect(problems).toContainEqual(expect.stringContaining('The mask of annotation masked'));
  database.close();
  const report = await rescueProject(file, `${file}-rescued.pixelsail`);
  expect(report.annotations).toBe(1);
  expect(report.leftOut).toEqual([
    { what: 'annotation masked', reason: 'its mask has another size than its image' },
  ]);
});
