import { expect, test } from 'vitest';
import { sortDrop } from '../../../renderer/drop.ts';

const file = (path: string) => ({ path, isFolder: false });
const folder = (path: string) => ({ path, isFolder: true });

test('folders, images by their folder and a project are told apart', () => {
  const dropped = sortDrop([
    folder('/photos/birds.pixelsail'),
    folder('/photos/cats'),
    file('/photos/a.jpg'),
    file('/photos/b.png'),
    file('/c.jpg'),
    file('C:\\photos\\d.jpg'),
  ]);
  expect(dropped.folders).toEqual(['/photos/birds.pixelsail', '/photos/cats']);
  expect(Object.fromEntries(dropped.images)).toEqual({
    '/photos': ['a.jpg', 'b.png'],
    '/': ['c.jpg'],
    'C:\\photos': ['d.jpg'],
  });
  expect(dropped.project).toBeNull();
  expect(sortDrop([file('/x/Birds.PixelSail')]).project).toBe('/x/Birds.PixelSail');
});

test('a JSON file is an annotation file, whatever else is dropped with it', () => {
  const dropped = sortDrop([
    folder('/data/lists.json'),
    file('/data/a.jpg'),
    file('/data/labels/instances.JSON'),
  ]);
  expect(dropped.dataset).toBe('/data/labels/instances.JSON');
  expect(dropped.folders).toEqual(['/data/lists.json']);
  expect(Object.fromEntries(dropped.images)).toEqual({ '/data': ['a.jpg'] });
});
