import { hasWords, plainWords } from '../../authoring/words.ts';
import {
  defineFindings,
  type FindingIn,
  type WrittenContent,
  type WrittenSubject,
} from '../findings.ts';
import { answerPlace } from '../answer-place.ts';
import { choiceSentences } from './finding-texts.ts';

interface Content {
  readonly question: string;
  readonly choices: readonly string[];
  readonly answer: string;
}

/** The checks of a question with choices. */
export const choiceFindings = defineFindings({
  sentences: choiceSentences,
  hindrances: ['empty', 'no-answer'],
  of({ content }: WrittenContent<Content>, subject) {
    const { question, choices, answer } = content;
    if (question.trim() === '') return [{ kind: 'empty' }];
    const found: FindingIn<typeof choiceSentences.english>[] = [];
    if (answerPlace({ choices, answer }) < 0) found.push({ kind: 'no-answer' });
    if (choices.length < 2) found.push({ kind: 'few-choices' });
    const twice = choices.find((choice, at) =>
      choices.slice(0, at).some((other) => plainWords(other) === plainWords(choice)),
    );
    if (twice !== undefined) found.push({ kind: 'choice-twice', choice: twice });
    if (answer !== '') {
      const choice = choices.find((one) => one !== answer && one.includes(answer));
      if (choice !== undefined) found.push({ kind: 'answer-inside-choice', answer, choice });
      if (hasWords(question, answer)) found.push({ kind: 'answer-in-question', answer });
    }
    const name = categoriesNamed(question, subject).find((one) => hasWords(answer, one));
    if (name !== undefined) found.push({ kind: 'names-category', name });
    return found;
  },
});

function categoriesNamed(text: string, { regions, nameOf }: WrittenSubject): string[] {
  return regions.flatMap(({ id }) => nameOf(id) ?? []).filter((name) => hasWords(text, name));
}
