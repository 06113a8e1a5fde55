import { failuresOf } from '../../../../core/errors.ts';
import { sentenceSet } from '../../../../core/sentence-set.ts';

/** The length of a text that exceeds the limit of the model. */
interface LongText {
  readonly unit: 'characters' | 'tokens';
  readonly found: number;
  readonly most: number;
}

/** Failures of a text prompt. */
export const promptTextSentences = sentenceSet(
  {
    promptTextBlank: () =>
      'The text prompt is empty. Write a category, an expression or a sentence.',
    promptTextTooLong: ({ unit, found, most }: LongText) =>
      `The text, with its choices, has ${found} ${unit}; the model reads at most ${most}. ` +
      (unit === 'tokens' ? 'A token is a short piece of a word. Shorten it.' : 'Shorten it.'),
  },
  {
    promptTextBlank: () => '文本提示为空。请写出类别、表达式或句子。',
    promptTextTooLong: ({ unit, found, most }) =>
      unit === 'tokens'
        ? `文字连同选项共 ${found} 个词元（词的片段），模型最多读 ${most} 个。请缩短。`
        : `文字连同选项共 ${found} 个字符，模型最多读 ${most} 个。请缩短。`,
  },
);

export const promptTextFailure = failuresOf(promptTextSentences);
