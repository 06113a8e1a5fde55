import { z } from 'zod';
import { linesField } from '../fields.ts';
import { defineTask } from '../task.ts';
import { descriptionFindings } from './findings.ts';

/** Words about a region, or about the whole image where there is no segment. */
export const description = defineTask({
  id: 'description',
  content: z.object({
    text: linesField(
      { label: 'Description', placeholder: 'Write a description' },
      { label: '描述', placeholder: '写一段描述' },
    ),
  }),
  roles: ['prompt'],
  regionRole: 'prompt',
  repeatsWithin: 'project',
  words: {
    english: {
      title: 'Description',
      teach:
        'Select a region and describe its appearance. A reader should be able to draw it without the photo.',
    },
    chinese: {
      title: '描述',
      teach: '选择一个区域，描述它的样子，让看不到照片的人也能画出来。',
    },
  },
  request: 'describe',
  textOf: ({ text }) => ({ kind: 'description', text }),
  fromText: (said) => (said.kind === 'description' ? { text: said.text } : null),
  draft: {
    needsUniqueWords: false,
    of: ({ name, place }) => ({ content: { text: `${withArticle(name)} ${place} of the photo.` } }),
  },
  truth: {
    kind: 'text',
    of: ({ text }) => (text.trim() === '' ? null : { kind: 'text', references: [text] }),
  },
  findings: descriptionFindings,
  check: ({ text }) => (text.trim() === '' ? ['empty'] : []),
});

function withArticle(name: string): string {
  return `${/^[aeiou]/i.test(name) ? 'An' : 'A'} ${name}`;
}
