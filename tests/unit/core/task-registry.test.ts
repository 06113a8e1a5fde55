import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfWords, wordsOfText } from '../../../core/project/make-item.ts';
import { contentOf, fieldsOf, valuesOf } from '../../../core/tasks/fields.ts';
import { tasks } from '../../../core/tasks/registry.ts';
import type { ItemText, Task } from '../../../core/tasks/task.ts';

const line = fc.string({ minLength: 1 }).map((text) => text.trim());
const texts: fc.Arbitrary<ItemText> = fc.oneof(
  fc.record({ kind: fc.constantFrom('description' as const, 'referring' as const), text: line }),
  fc.record({
    kind: fc.constant('question' as const),
    question: line,
    choices: fc.array(line.filter((text) => text !== '')),
    answer: line,
  }),
);

test('each task names every field of its form in both languages', () => {
  for (const { id, content, words } of tasks as readonly Task[]) {
    for (const { name, words: of } of fieldsOf(content)) {
      expect(of.english.label, name).toMatch(/^[A-Z][a-z]/);
      expect(of.chinese.label, name).toMatch(/\p{Script=Han}/u);
    }
    expect(words.chinese.title, id).toMatch(/\p{Script=Han}/u);
  }
});

test('words of a file become an item, and the item the same words', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(textOfWords(wordsOfText(text))).toEqual(text);
    }),
  );
});

test('a form that is filled in from an item gives that item again', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { task, content } = wordsOfText(text);
      const schema = (tasks.find(({ id }) => id === task)! as Task).content;
      expect(contentOf(schema, valuesOf(schema, content))).toEqual(content);
    }),
  );
});

test('a form that changes one field keeps the others, also those that it cannot show', () => {
  const { content: schema } = tasks.find(({ id }) => id === 'multiple-choice')!;
  const before = { question: 'Which?', choices: ['two\nlines', ' spaced'], answer: ' spaced' };
  const values = { ...valuesOf(schema, before), question: 'Which one?' };
  expect(contentOf(schema, values, before)).toEqual({ ...before, question: 'Which one?' });
});
