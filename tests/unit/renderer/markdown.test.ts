import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMarkdown, type Block, type Span } from '../../../renderer/ui/markdown.ts';

const plain = (text: string): Span[] => [{ kind: 'plain', text }];

test('reads headings, paragraphs, lists, tables and code', () => {
  const source = `---
license: x
---
# Title

First line
goes **on** with \`code\` and [a link](https://example.org).

- one
  continued
- two

| a | b |
|---|---:|
| 1 | 2 |

\`\`\`
# no heading
\`\`\`
`;
  expect(parseMarkdown(source)).toEqual([
    { kind: 'heading', level: 1, spans: plain('Title') },
    {
      kind: 'paragraph',
      spans: [
        { kind: 'plain', text: 'First line goes ' },
        { kind: 'strong', text: 'on' },
        { kind: 'plain', text: ' with ' },
        { kind: 'code', text: 'code' },
        { kind: 'plain', text: ' and a link.' },
      ],
    },
    { kind: 'list', items: [plain('one continued'), plain('two')] },
    {
      kind: 'table',
      rows: [
        [plain('a'), plain('b')],
        [plain('1'), plain('2')],
      ],
    },
    { kind: 'code', text: '# no heading' },
  ] satisfies Block[]);
});

test('keeps HTML as text', () => {
  expect(parseMarkdown('<script>alert(1)</script>')).toEqual([
    { kind: 'paragraph', spans: plain('<script>alert(1)</script>') },
  ]);
});

test('ends on any text', () => {
  const lines = fc.constantFrom(
    '# a',
    '- b',
    '|c|',
    '```',
    '---',
    '',
    'd',
    '  - e',
    '1. f',
    '|',
    '#',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(lines, fc.string())), (parts) => {
      expect(Array.isArray(parseMarkdown(parts.join('\n')))).toBe(true);
    }),
  );
});

test('reads the card of the model in the box with its tables', () => {
  const card = readFileSync(
    new URL('../../../models/catalog/pixel-sail-nano/README.md', import.meta.url),
    'utf8',
  );
  const kinds = new Set(parseMarkdown(card).map(({ kind }) => kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['heading', 'paragraph', 'table']));
});
