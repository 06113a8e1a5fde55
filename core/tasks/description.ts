import { z } from 'zod';
import { defineTask } from './task.ts';

/** Words about a region, or about the whole image where there is no segment. */
export const description = defineTask({
  id: 'description',
  content: z.object({ text: z.string() }),
  roles: ['prompt'],
  regionRole: 'prompt',
  words: {
    english: { title: 'Description', fields: { text: { label: 'Write a description' } } },
    chinese: { title: '描述', fields: { text: { label: '写一段描述' } } },
  },
  fields: [{ name: 'text', kind: 'lines' }],
  request: 'describe',
  valuesOf: ({ text }) => ({ text }),
  contentOf: ({ text = '' }) => ({ text: text.trim() }),
  textOf: ({ text }) => ({ kind: 'description', text }),
  fromText: (said) => (said.kind === 'description' ? { text: said.text } : null),
  check: ({ text }) => (text.trim() === '' ? ['empty'] : []),
});
