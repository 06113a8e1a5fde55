import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** What is said of Label Studio's files alone. Clauses, but for the first. */
export const labelStudioSentences = sentenceSet(
  {
    labelStudioNotTasks: ({ file, found }: { file: string; found: string }) =>
      `Expected a Label Studio export, a list of tasks, but ${file} holds ${found}. Export the project as "JSON".`,
    labelStudioMaskWords: ({ words, width, height }: MaskWords) =>
      `its mask has ${words} bytes where ${width} x ${height} pixels have ${width * height * 4}`,
    labelStudioMaskCutOff: ({ bytes }: { bytes: number }) =>
      `its mask ends in the middle, after ${bytes} bytes`,
    labelStudioNoPhoto: () => 'its data names no photo',
    labelStudioSeveral: ({ count }: { count: number }) =>
      `${count} more annotations of it by others are not read; choose to read all of them`,
    labelStudioNotRead: ({
      kind,
      count,
    }: {
      kind: 'predictions' | 'drafts' | 'annotations';
      count: number;
    }) => `its ${count} ${kind} are not read, as chosen`,
    labelStudioLabels: ({ taken, others }: { taken: string; others: readonly string[] }) =>
      `it has several labels; "${taken}" is taken, and ${others.join(', ')} is kept for exports of this format`,
    labelStudioKept: ({ type }: { type: string }) =>
      `a result of the type ${type} is no region; it is not shown, and kept for exports of this format`,
    labelStudioSizes: () => 'it says another size of the photo than the results before it',
    labelStudioRotated: ({ degrees }: { degrees: number }) =>
      `the photo was turned by ${degrees} degrees while it was labelled; its shapes are taken as they stand`,
    labelStudioQuestions: ({ count }: { count: number }) =>
      `${count} of its questions have no place in this format`,
  },
  {
    labelStudioNotTasks: ({ file, found }) =>
      `应为 Label Studio 的导出，即任务列表，但 ${file} 中为 ${found}。请以“JSON”格式导出项目。`,
    labelStudioMaskWords: ({ words, width, height }) =>
      `其掩码有 ${words} 字节，而 ${width} x ${height} 像素应有 ${width * height * 4} 字节`,
    labelStudioMaskCutOff: ({ bytes }) => `其掩码在第 ${bytes} 字节之后中断`,
    labelStudioNoPhoto: () => '其 data 没有指明照片',
    labelStudioSeveral: ({ count }) => `另有他人的 ${count} 份标注未读取；可选择全部读取`,
    labelStudioNotRead: ({ kind, count }) =>
      `按选择未读取其 ${count} 份${{ predictions: '预测', drafts: '草稿', annotations: '标注' }[kind]}`,
    labelStudioLabels: ({ taken, others }) =>
      `它有多个标签；采用“${taken}”，其余（${others.join('、')}）保留到同一格式的导出中`,
    labelStudioKept: ({ type }) =>
      `类型为 ${type} 的结果不是区域；不显示，但会保留到同一格式的导出中`,
    labelStudioSizes: () => '它写明的照片大小与之前的结果不同',
    labelStudioRotated: ({ degrees }) => `标注时照片旋转了 ${degrees} 度；形状按所写的位置采用`,
    labelStudioQuestions: ({ count }) => `其中 ${count} 个问题在该格式中没有位置`,
  },
);

interface MaskWords {
  readonly words: number;
  readonly width: number;
  readonly height: number;
}

const labelStudioFailure = failuresOf(labelStudioSentences);

/** What is wrong or doubtful with a file of Label Studio. */
export function labelStudioProblem<Name extends keyof typeof labelStudioSentences.english>(
  name: Name,
  parts: PartsIn<typeof labelStudioSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return labelStudioFailure(code, name, parts);
}
