import { z } from 'zod';
import { defineTask } from './task.ts';

/** A question about a region with choices and the right answer; without choices the answer is free text. */
export const multipleChoice = defineTask({
  id: 'multiple-choice',
  content: z.object({ question: z.string(), choices: z.array(z.string()), answer: z.string() }),
  roles: ['prompt'],
  check({ question, choices, answer }) {
    if (question.trim() === '') return ['empty'];
    if (answer === '') return ['no-answer'];
    if (choices.length === 0) return [];
    if (!choices.includes(answer)) return ['answer-not-a-choice'];
    // Readers look for the answer inside what the model says, so it must not be a part of another choice.
    const others = choices.filter((choice) => choice !== answer);
    return others.some((choice) => choice.includes(answer)) ? ['answer-inside-choice'] : [];
  },
});
