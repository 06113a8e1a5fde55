import { sentenceSet } from '../../sentence-set.ts';
import { questionTexts } from '../question-texts.ts';

/** The findings about a question with choices. */
export const choiceSentences = sentenceSet(
  {
    ...questionTexts.english,
    'few-choices': () => 'A question needs at least two choices.',
    'answer-inside-choice': ({
      answer,
      choice,
    }: {
      readonly answer: string;
      readonly choice: string;
    }) =>
      `“${choice}” contains the answer “${answer}”. Scoring searches for the answer in the model’s sentence and would accept both. Reword one of them.`,
    'choice-twice': ({ choice }: { readonly choice: string }) =>
      `“${choice}” occurs twice. Change one of them.`,
    'answer-in-question': ({ answer }: { readonly answer: string }) =>
      `The question contains the answer “${answer}”. Reword the question.`,
  },
  {
    ...questionTexts.chinese,
    'few-choices': () => '问题至少需要两个选项。',
    'answer-inside-choice': ({ answer, choice }) =>
      `“${choice}”包含答案“${answer}”。评分时会在模型的句子中查找答案，两者都会算对。请改写其中一个。`,
    'choice-twice': ({ choice }) => `“${choice}”出现了两次。请修改其中一个。`,
    'answer-in-question': ({ answer }) => `问题中含有答案“${answer}”。请改写问题。`,
  },
);
