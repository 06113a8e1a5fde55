import { z } from 'zod';
import { linesField } from '../fields.ts';
import { defineTask, firstTag, tagsIn, type Segment, type TagProblem } from '../task.ts';
import { referringFindings } from './findings.ts';

/**
 * A question whose answer points at regions: tags in the question are prompts, tags in the answer
 * are targets.
 */
export const referring = defineTask({
  id: 'referring',
  content: z.object({
    question: linesField(
      { label: 'Question', placeholder: 'Write words that mean only this region' },
      { label: '问题', placeholder: '写一句只指这个区域的话' },
    ),
    answer: linesField({ label: 'Answer' }, { label: '答案' }, `[${firstTag}]`),
  }),
  tags: { targetsIn: ({ answer }) => answer },
  roles: ['prompt', 'target'],
  regionRole: 'target',
  repeatsWithin: 'image',
  words: {
    english: {
      title: 'Referring',
      teach:
        'Ask a question about the photo whose answer refers to regions. Click a region or type @ to insert its tag. Tags in the question are prompts for the model; tags in the answer are the targets.',
    },
    chinese: {
      title: '指代',
      teach:
        '就照片提问，让答案指向区域。单击区域或输入 @ 即可插入其标签。问题中的标签是给模型看的提示，答案中的标签是模型要找到的目标。',
    },
  },
  textOf: ({ question }) => ({ kind: 'referring', text: question }),
  isText({ question, answer }, segment) {
    const [tag, ...others] = tagsIn(answer);
    if (others.length > 0 || answer !== `[${tag}]`) return false;
    if (!segment) return true;
    return segment.role === 'target' && segment.tag === tag && !tagsIn(question).includes(tag);
  },
  fromText: (said) =>
    said.kind === 'referring' ? { question: said.text, answer: `[${firstTag}]` } : null,
  draft: {
    needsUniqueWords: true,
    of: ({ name, place }) => ({
      content: { question: `the ${name} ${place} of the photo`, answer: `[${firstTag}]` },
    }),
  },
  truth: {
    kind: 'masks',
    of: ({ question }, segments, targets) => {
      return { kind: 'masks', text: promptedText(question, segments), targets };
    },
  },
  findings: referringFindings,
  check({ question, answer }, segments) {
    if (question.trim() === '') return ['empty'];
    const named = new Set([...tagsIn(question), ...tagsIn(answer)]);
    const tags = segments.map(({ tag }) => tag);
    const isInside = tags.some((tag, index) =>
      tags.some((other, place) => place !== index && other.startsWith(tag)),
    );
    const problems: [TagProblem, boolean][] = [
      ['tag-without-segment', [...named].some((tag) => !tags.includes(tag))],
      ['segment-without-tag', tags.some((tag) => !named.has(tag))],
      ['tag-inside-tag', isInside],
    ];
    return problems.filter(([, isFound]) => isFound).map(([problem]) => problem);
  },
});

/** The question, in which the model's names stand for shown regions. */
function promptedText(
  question: string,
  segments: readonly Pick<Segment, 'tag' | 'role'>[],
): string {
  const shown = segments.filter(({ role }) => role === 'prompt');
  return shown.reduce(
    (text, { tag }, index) => text.replaceAll(`[${tag}]`, `<Prompt${index}>`),
    question,
  );
}
