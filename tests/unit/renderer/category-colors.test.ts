import { expect, test } from 'vitest';
import { noCategoryColor } from '../../../renderer/editor/category-colors.ts';
import { makeCategory, TestEditor } from '../../support/test-editor.ts';

test('what a stranger’s project says is a colour reaches no style unless it is one', async () => {
  const colors = [
    'url(http://example.org/seen)',
    'red',
    '#12345',
    '#123456; background: url(x)',
    'var(--a)',
    '"><script>',
    '#AABBCC\n',
  ];
  const foreign = colors.map((color, index) => ({ ...makeCategory(`c${index}`), color }));
  const own = { ...makeCategory('own'), color: '#123abc' };
  const { editor } = await TestEditor.open(own, ...foreign);
  const shown = new Map(editor.document.categories.map(({ name, color }) => [name, color]));
  expect(shown.get('own')).toBe('#123abc');
  for (const { name } of foreign) expect(shown.get(name)).toBe(noCategoryColor);
});
