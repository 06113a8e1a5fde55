import { failuresOf } from '../../../../core/errors.ts';
import { sentenceSet } from '../../../../core/sentence-set.ts';

/** A text that a model cannot read, and how long it may be. */
interface LongText {
  readonly unit: 'characters' | 'tokens';
  readonly found: number;
  readonly most: number;
}

/** What is said of texts that the model cannot read. */
export const promptTextSentences = sentenceSet(
  {
    promptTextBlank: () => 'The text that says what to segment is blank. Name something.',
    promptTextTooLong: ({ unit, found, most }: LongText) =>
      `The text, with its choices, is ${found} ${unit} long; the model reads ${most} at most. ` +
      (unit === 'tokens' ? 'A token is a short piece of a word. Shorten it.' : 'Shorten it.'),
  },
  {
    promptTextBlank: () => '没有写出要分割什么。请写出名称。',
    promptTextTooLong: ({ unit, found, most }) =>
      unit === 'tokens'
        ? `文字连同选项共 ${found} 个词元（词的片段），模型最多读 ${most} 个。请缩短。`
        : `文字连同选项共 ${found} 个字符，模型最多读 ${most} 个。请缩短。`,
  },
);

export const promptTextFailure = failuresOf(promptTextSentences);
