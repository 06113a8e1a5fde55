import { failuresOf } from '../../../core/errors.ts';
import { fixTexts } from '../../../core/reviewing/fix-problem.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures of a review. */
export const reviewSentences = sentenceSet(
  {
    ...fixTexts.english,
    reviewSubjectGone: () =>
      'The subject of the review was deleted meanwhile. Continue with the next one.',
    reviewUnanswered: () =>
      'A multiple-choice item needs an answer before a verdict. Choose one of its choices first.',
    reviewNotThird: ({ name }: { name: string }) =>
      `${name} has already reviewed this, and adjudication needs a third person. Set the name of that person in the review view.`,
    reviewNoVersion: () =>
      'The chosen version no longer exists: its review was withdrawn. Choose another version.',
    reviewMask: () => 'The suggestion is not a mask of this image. Draw it again.',
    reviewContent: () => 'The suggested text is not valid for this task. Write it again.',
  },
  {
    ...fixTexts.chinese,
    reviewSubjectGone: () => '审核对象已被删除。请继续下一个。',
    reviewUnanswered: () => '选择题要先作答再判定。请先选择一个选项。',
    reviewNotThird: ({ name }) =>
      `${name} 已审核过此项，裁定需要第三个人。请在审核视图中填写第三个人的姓名。`,
    reviewNoVersion: () => '所选的版本已不存在：其审核已撤回。请选择其他版本。',
    reviewMask: () => '建议的内容不是此图像的掩码。请重新绘制。',
    reviewContent: () => '建议的文字不符合此任务的要求。请重新填写。',
  },
);

export const reviewFailure = failuresOf(reviewSentences);
