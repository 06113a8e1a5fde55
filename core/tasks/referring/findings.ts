import { hasWords } from '../../authoring/words.ts';
import { defineFindings, type FindingIn, type WrittenContent } from '../findings.ts';
import { tagsIn } from '../task.ts';
import { referringSentences } from './finding-texts.ts';

interface Content {
  readonly question: string;
  readonly answer: string;
}

/** The checks of a question whose texts name regions by tags. */
export const referringFindings = defineFindings({
  sentences: referringSentences,
  hindrances: ['empty', 'no-answer', 'tag-without-segment'],
  of({ content, tagged, hasNoTarget }: WrittenContent<Content>, { nameOf }) {
    const { question, answer } = content;
    if (question.trim() === '') return [{ kind: 'empty' }];
    const known = new Set(tagged.map(({ tag }) => tag));
    const named = new Set([...tagsIn(question), ...tagsIn(answer)]);
    const found: FindingIn<typeof referringSentences.english>[] = [...named]
      .filter((tag) => !known.has(tag))
      .map((tag) => ({ kind: 'tag-without-segment', tag }));
    if (answer.trim() === '') found.push({ kind: 'no-answer' });
    else if (tagsIn(answer).length === 0 && !hasNoTarget) found.push({ kind: 'no-target' });
    for (const { tag } of tagged) {
      if (!named.has(tag)) found.push({ kind: 'segment-without-tag', tag });
      const other = [...known].find((one) => one !== tag && one.startsWith(tag));
      if (other !== undefined) found.push({ kind: 'tag-inside-tag', tag, other });
    }
    const targets = new Set(tagsIn(answer));
    const names = tagged.flatMap(({ tag, annotationId }) =>
      targets.has(tag) ? (nameOf(annotationId) ?? []) : [],
    );
    const name = names.find((one) => hasWords(question, one));
    if (name !== undefined) found.push({ kind: 'names-category', name });
    return found;
  },
});
