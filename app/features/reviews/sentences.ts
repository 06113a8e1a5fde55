import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What can be wrong with a review. */
export const reviewSentences = sentenceSet(
  {
    reviewSubjectGone: () => 'This was deleted while you looked at it. Go on with the next one.',
    reviewUnanswered: () =>
      'A multiple-choice item is answered before it is judged. Choose one of its choices first.',
    reviewNotThird: ({ name }: { name: string }) =>
      `${name} has reviewed this already, so somebody else must decide. Set the name of a third person in the review view.`,
    reviewNoVersion: () =>
      'The version that was chosen is gone: its review was taken back. Choose another one.',
    reviewMask: () => 'What was suggested is no mask of this image. Draw it again.',
    reviewContent: () =>
      'The text that was suggested is not one that this task can have. Write it again.',
  },
  {
    reviewSubjectGone: () => '您查看时它已被删除。请继续下一个。',
    reviewUnanswered: () => '选择题要先作答再判定。请先选择一个选项。',
    reviewNotThird: ({ name }) =>
      `${name} 已审核过此项，因此需要另一个人裁定。请在审核视图中填写第三个人的姓名。`,
    reviewNoVersion: () => '所选的版本已不存在：该审核已被收回。请选择其他版本。',
    reviewMask: () => '建议的内容不是此图像的掩码。请重新绘制。',
    reviewContent: () => '建议的文字不符合此任务的要求。请重新填写。',
  },
);

export const reviewFailure = failuresOf(reviewSentences);
