import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfWords, wordsOfText } from '../../../core/project/make-item.ts';
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
  for (const { id, fields, words } of tasks as readonly Task[]) {
    const names = fields.map(({ name }) => name).sort();
    expect(Object.keys(words.english.fields).sort(), id).toEqual(names);
    expect(Object.keys(words.chinese.fields).sort(), id).toEqual(names);
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
      const { valuesOf, contentOf } = tasks.find(({ id }) => id === task)! as Task;
      expect(contentOf(valuesOf(content), content)).toEqual(content);
    }),
  );
});
