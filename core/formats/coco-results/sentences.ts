import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** What is said of results files alone. Clauses, but for the first two. */
export const resultsSentences = sentenceSet(
  {
    resultsNone: ({ name }: { name: string }) =>
      `Expected a results file of COCO, a list of rows with "image_id" and "score", but ${name} holds none. ` +
      'Choose the folder that it lies in.',
    resultsWithoutImages: ({ file }: { file: string }) =>
      `${file} names images and categories by numbers only, and no file beside it says which they are. ` +
      'Put the annotation file that the results were made for (its "images" and "categories") into the same folder.',
    resultsAmbiguous: ({ file, found }: { file: string; found: readonly string[] }) =>
      `${file} names images by numbers only, and several files beside it could say which they are: ${found.slice(0, 5).join(', ')}. ` +
      'Leave only the one that the results were made for.',
    resultsWithoutRegion: () => 'it has neither a segmentation nor a bbox',
    resultsPolygons: () => 'its segmentation is polygons, which results do not have; they are read',
    resultsUnscored: ({ count, score }: { count: number; score: number }) =>
      `${count} regions come from no model and have no score; ${score} is written`,
    resultsBoxed: ({ count }: { count: number }) =>
      `of its ${count} regions only the boxes are written, as chosen`,
    resultsTextsLeft: ({ count }: { count: number }) =>
      `${count} of its texts and attributes have no place in a results file`,
  },
  {
    resultsNone: ({ name }) =>
      `应为 COCO 结果文件，即含有 "image_id" 和 "score" 的行的列表，但 ${name} 中没有。请选择它所在的文件夹。`,
    resultsWithoutImages: ({ file }) =>
      `${file} 只用编号指图像和类别，旁边没有文件说明编号的含义。请把生成结果所用的标注文件（含 "images" 和 "categories"）放入同一文件夹。`,
    resultsAmbiguous: ({ file, found }) =>
      `${file} 只用编号指图像，旁边有多个文件可能说明编号的含义：${found.slice(0, 5).join('、')}。请只留下生成结果所用的那一个。`,
    resultsWithoutRegion: () => '它既没有 segmentation，也没有 bbox',
    resultsPolygons: () => '其 segmentation 为多边形，结果文件中本不应有；仍然读取',
    resultsUnscored: ({ count, score }) => `${count} 个区域不是模型给出的，没有分数；写为 ${score}`,
    resultsBoxed: ({ count }) => `按选择，其 ${count} 个区域只写出框`,
    resultsTextsLeft: ({ count }) => `其中 ${count} 条文字和属性在结果文件中没有位置`,
  },
);

const resultsFailure = failuresOf(resultsSentences);

/** What is wrong or doubtful with a results file. */
export function resultsProblem<Name extends keyof typeof resultsSentences.english>(
  name: Name,
  parts: PartsIn<typeof resultsSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return resultsFailure(code, name, parts);
}
