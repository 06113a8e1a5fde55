import { describe, expect, it } from 'vitest';
import { imageFinder } from '../../../../core/project/image-names.ts';
import { makeImage } from '../datasets.ts';

const at = (path: string, folderId = 'folder') => makeImage(path, 6, 5, { path, folderId });

describe('an image is found by the file name of a dataset', () => {
  const [cat, inSub, inOther] = [at('cat.jpg'), at('sub/dog.jpg'), at('other/dog.jpg')];
  const find = imageFinder([cat, inSub, inOther]);

  it.each([
    ['its path', 'sub/dog.jpg', inSub],
    ['its path from "."', './sub/dog.jpg', inSub],
    ['its path with the separators of Windows', String.raw`sub\dog.jpg`, inSub],
    ['a longer path that ends with it', 'photos/2024/cat.jpg', cat],
  ])('by %s', (_, name, image) => {
    expect(find(name)).toBe(image);
  });

  it('but not by a part of a name, or by another folder', () => {
    expect([find('at.jpg'), find('elsewhere/dog.jpg'), find('bird.jpg')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('names the paths where it may be several', () => {
    expect(find('dog.jpg')).toEqual(['sub/dog.jpg', 'other/dog.jpg']);
  });

  it('in either spelling of an accent', () => {
    const [composed, decomposed] = ['caf\u00e9.jpg', 'cafe\u0301.jpg'];
    const image = at(decomposed);
    expect(imageFinder([image])(composed)).toBe(image);
    const other = at(composed);
    expect(imageFinder([other])(decomposed)).toBe(other);
  });

  it('first in the folder that is imported', () => {
    const [first, second] = [at('a.jpg', 'first'), at('a.jpg', 'second')];
    expect(imageFinder([first, second], 'second')('a.jpg')).toBe(second);
    expect(imageFinder([first], 'second')('a.jpg')).toBe(first);
  });
});
