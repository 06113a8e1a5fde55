import { z } from 'zod';
import { seedKey, shuffled } from '../../authoring/shuffle.ts';
import { plainWords } from '../../authoring/words.ts';
import { seededRandom, shuffle } from '../../seeded-random.ts';
import { choiceField, lineField, listField } from '../fields.ts';
import { defineTask } from '../task.ts';
import { choiceFindings } from './findings.ts';

/** How many wrong choices a drafted question gets at most. */
const mostDistractors = 3;

/**
 * A question about a region with choices and the right answer; without choices the answer is free
 * text.
 */
export const multipleChoice = defineTask({
  id: 'multiple-choice',
  content: z.object({
    question: lineField(
      { label: 'Question', placeholder: 'What colour is it?' },
      { label: '问题', placeholder: '它是什么颜色？' },
    ),
    choices: listField(
      { label: 'Choices', placeholder: 'Choices, one per line (optional)' },
      { label: '选项', placeholder: '选项，每行一个（可不填）' },
    ),
    answer: choiceField('choices', { label: 'Answer' }, { label: '答案' }),
  }),
  roles: ['prompt'],
  regionRole: 'prompt',
  repeatsWithin: 'regions',
  words: {
    english: {
      title: 'Multiple choice',
      teach:
        'Select a region, ask a question about it, and give several choices with one correct answer. Click the circle of the answer.',
      problems: {
        'answer-inside-choice':
          'Another choice contains this answer. Scoring searches for the answer in the model’s sentence and would confuse the two.',
        'answer-not-a-choice': 'The answer is not one of the choices. Choose the answer again.',
      },
    },
    chinese: {
      title: '选择题',
      teach: '选择一个区域，就它提问，并给出选项。单击圆圈标记正确答案。',
      problems: {
        'answer-inside-choice': '另一个选项包含这个答案。评分时会在句子中查找答案，因而混淆两者。',
        'answer-not-a-choice': '答案不在选项之中。请重新选择答案。',
      },
    },
  },
  request: 'ask',
  textOf: ({ question, choices, answer }) => ({ kind: 'question', question, choices, answer }),
  fromText(said) {
    if (said.kind !== 'question') return null;
    const { question, choices, answer } = said;
    return { question, choices: [...choices], answer };
  },
  choice: {
    of: ({ choices, answer }) => ({ choices, answer }),
    withAnswer: (content, answer) => ({ ...content, answer }),
  },
  draft: {
    needsUniqueWords: false,
    of({ name, namesHere, allNames }, seed) {
      const others = [...namesHere, ...shuffle(allNames, seededRandom(seed))];
      const wrong = usableChoices(others, name).slice(0, mostDistractors);
      if (wrong.length === 0) return null;
      const choices = shuffled([name, ...wrong], seed);
      const content = { question: 'What is this?', choices, answer: name };
      return { content, extra: { [seedKey]: seed } };
    },
  },
  truth: {
    kind: 'choice',
    of: ({ question, choices, answer }) =>
      answer === '' ? null : { kind: 'choice', question, choices, answer },
  },
  findings: choiceFindings,
  check({ question, choices, answer }) {
    if (question.trim() === '') return ['empty'];
    if (answer === '') return ['no-answer'];
    if (choices.length === 0) return [];
    if (!choices.includes(answer)) return ['answer-not-a-choice'];
    // Readers look for the answer inside what the model says, so it must not be a part of another
    // choice.
    const others = choices.filter((choice) => choice !== answer);
    return others.some((choice) => choice.includes(answer)) ? ['answer-inside-choice'] : [];
  },
});

/** Names that are not the answer, do not contain it and do not lie in it, each once. */
function usableChoices(names: readonly string[], answer: string): string[] {
  const right = plainWords(answer);
  const taken = new Set<string>();
  return names.filter((name) => {
    const plain = plainWords(name);
    if (plain === '' || taken.has(plain)) return false;
    if (plain.includes(right) || right.includes(plain)) return false;
    taken.add(plain);
    return true;
  });
}
