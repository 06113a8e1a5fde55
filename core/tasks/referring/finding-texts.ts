import { sentenceSet } from '../../sentence-set.ts';
import { questionTexts } from '../question-texts.ts';

interface Tagged {
  readonly tag: string;
}

/** The findings about a question whose texts name regions by tags. */
export const referringSentences = sentenceSet(
  {
    ...questionTexts.english,
    'tag-without-segment': ({ tag }: Tagged) =>
      `[${tag}] is not the tag of a region. Delete it, or insert the tag of a region with @.`,
    'segment-without-tag': ({ tag }: Tagged) =>
      `[${tag}] does not occur in the texts. Insert it, or remove the region from the item.`,
    'tag-inside-tag': ({ tag, other }: Tagged & { readonly other: string }) =>
      `[${other}] begins with [${tag}], and scoring replaces tags as plain text. Remove one and insert it again; it gets another name.`,
    'no-target': () =>
      'The answer has no target. Insert the tag of the target, or choose “No target in the image”.',
  },
  {
    ...questionTexts.chinese,
    'tag-without-segment': ({ tag }) =>
      `[${tag}] 不对应任何区域。请删除它，或用 @ 插入某个区域的标签。`,
    'segment-without-tag': ({ tag }) => `文字中没有 [${tag}]。请插入它，或从条目中移除该区域。`,
    'tag-inside-tag': ({ tag, other }) =>
      `[${other}] 以 [${tag}] 开头，而评分按纯文本替换标签。请去掉其中一个再重新插入，它会得到新的名称。`,
    'no-target': () => '答案没有指向任何区域。请插入目标的标签，或选择“图中没有目标”。',
  },
);
