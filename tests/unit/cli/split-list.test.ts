import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitList } from '../../../cli/split-list.ts';

describe('a list of names', () => {
  test.each([
    [undefined, []],
    ['', []],
    [' , ,', []],
    ['cat', ['cat']],
    ['cat, dog ,bird', ['cat', 'dog', 'bird']],
    ['"light, red", dog', ['light, red', 'dog']],
    ['dog,"light, red"', ['dog', 'light, red']],
    ['"say ""cheese"""', ['say "cheese"']],
    ['5" disk, 3" disk', ['5" disk', '3" disk']],
    ['"unfinished, dog', ['"unfinished', 'dog']],
  ])('%j has the parts %j', (text, parts) => {
    expect(splitList(text)).toEqual(parts);
  });

  test('gives back any names that were quoted', () => {
    const names = fc.array(fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(names, (given) => {
        const text = given.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
        expect(splitList(text)).toEqual(given);
      }),
    );
  });
});
