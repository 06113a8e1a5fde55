import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** Sentences about Label Studio files; all but the first are clauses. */
export const labelStudioSentences = sentenceSet(
  {
    labelStudioNotTasks: ({ file, found }: { file: string; found: string }) =>
      `Expected a Label Studio export, a list of tasks, but ${file} has ${found}. Export the project as "JSON".`,
    labelStudioMaskWords: ({ words, width, height }: MaskWords) =>
      `its mask has ${words} bytes; expected ${width * height * 4} for ${width} x ${height} pixels`,
    labelStudioMaskCutOff: ({ bytes }: { bytes: number }) =>
      `its mask is truncated after ${bytes} bytes`,
    labelStudioNoPhoto: () => 'its data has no photo',
    labelStudioSeveral: ({ count }: { count: number }) =>
      `${count} more annotations of this task are not imported; an option imports all of them`,
    labelStudioNotRead: ({
      kind,
      count,
    }: {
      kind: 'predictions' | 'drafts' | 'annotations';
      count: number;
    }) => `its ${count} ${kind} are not imported, as chosen`,
    labelStudioLabels: ({ taken, others }: { taken: string; others: readonly string[] }) =>
      `it has several labels; "${taken}" becomes its category, and ${others.join(', ')} is kept for exports of this format`,
    labelStudioIdShared: ({ id }: { id: string }) =>
      `several regions of its task have the id ${id}; it cannot be told which of them each result is about`,
    labelStudioKept: ({ type }: { type: string }) =>
      `a result of the type ${type} is not a region; it is not shown, but kept for exports of this format`,
    labelStudioSizes: () => 'its photo size differs from that of the results before it',
    labelStudioRotated: ({ degrees }: { degrees: number }) =>
      `the photo was rotated by ${degrees} degrees in Label Studio; the coordinates of its shapes are kept`,
    labelStudioQuestions: ({ count }: { count: number }) =>
      `${count} of its questions are not stored by this format`,
  },
  {
    labelStudioNotTasks: ({ file, found }) =>
      `应为 Label Studio 的导出，即任务列表，但 ${file} 中为 ${found}。请以“JSON”格式导出项目。`,
    labelStudioMaskWords: ({ words, width, height }) =>
      `其掩码有 ${words} 字节，而 ${width} x ${height} 像素应有 ${width * height * 4} 字节`,
    labelStudioMaskCutOff: ({ bytes }) => `其掩码在第 ${bytes} 字节之后被截断`,
    labelStudioNoPhoto: () => '其 data 没有指明照片',
    labelStudioSeveral: ({ count }) => `此任务另有 ${count} 份标注未导入；可用选项全部导入`,
    labelStudioNotRead: ({ kind, count }) =>
      `按选择未导入其 ${count} 份${{ predictions: '预测', drafts: '草稿', annotations: '标注' }[kind]}`,
    labelStudioLabels: ({ taken, others }) =>
      `它有多个标签；采用“${taken}”，其余（${others.join('、')}）保留到同一格式的导出中`,
    labelStudioIdShared: ({ id }) =>
      `此任务中有多个区域使用同一 id ${id}，无法判断各结果说明哪一个`,
    labelStudioKept: ({ type }) =>
      `类型为 ${type} 的结果不是区域；不显示，但会保留到同一格式的导出中`,
    labelStudioSizes: () => '它写明的照片大小与之前的结果不同',
    labelStudioRotated: ({ degrees }) =>
      `照片在 Label Studio 中旋转了 ${degrees} 度；形状的坐标不变`,
    labelStudioQuestions: ({ count }) => `该格式不保存其中 ${count} 个问题`,
  },
);

interface MaskWords {
  readonly words: number;
  readonly width: number;
  readonly height: number;
}

const labelStudioFailure = failuresOf(labelStudioSentences);

/** A problem of a Label Studio file. */
export function labelStudioProblem<Name extends keyof typeof labelStudioSentences.english>(
  name: Name,
  parts: PartsIn<typeof labelStudioSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return labelStudioFailure(code, name, parts);
}
