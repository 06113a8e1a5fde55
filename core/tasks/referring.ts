import { z } from 'zod';
import { defineTask, tagsIn, type ItemProblem } from './task.ts';

/** A question whose answer points at regions: tags in the question are prompts, tags in the answer are targets. */
export const referring = defineTask({
  id: 'referring',
  content: z.object({ question: z.string(), answer: z.string() }),
  roles: ['prompt', 'target'],
  check({ question, answer }, segments) {
    if (question.trim() === '') return ['empty'];
    const named = new Set([...tagsIn(question), ...tagsIn(answer)]);
    const tags = segments.map(({ tag }) => tag);
    const isInside = tags.some((tag, index) =>
      tags.some((other, place) => place !== index && other.startsWith(tag)),
    );
    const problems: [ItemProblem, boolean][] = [
      ['tag-without-segment', [...named].some((tag) => !tags.includes(tag))],
      ['segment-without-tag', tags.some((tag) => !named.has(tag))],
      ['tag-inside-tag', isInside],
    ];
    return problems.filter(([, isFound]) => isFound).map(([problem]) => problem);
  },
});
