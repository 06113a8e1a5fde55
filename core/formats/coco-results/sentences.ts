import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** Sentences about results files; all but the first three are clauses. */
export const resultsSentences = sentenceSet(
  {
    resultsNone: ({ name }: { name: string }) =>
      `Expected a COCO results file, a list of rows with "image_id" and "score", but ${name} has none. ` +
      'Choose its folder.',
    resultsWithoutImages: ({ file }: { file: string }) =>
      `${file} refers to images and categories by id, and its folder has no annotation file with these ids. ` +
      'Put the annotation file of the results (with "images" and "categories") into the same folder.',
    resultsAmbiguous: ({ file, found }: { file: string; found: readonly string[] }) =>
      `${file} refers to images by id, and its folder has several annotation files: ${found.slice(0, 5).join(', ')}. ` +
      'Keep only the annotation file of the results.',
    resultsWithoutRegion: () => 'it has neither a segmentation nor a bbox',
    resultsPolygons: () =>
      'its segmentation has polygons, which results files do not define; they are imported',
    resultsUnscored: ({ count, score }: { count: number; score: number }) =>
      `${count} regions have no score, because no model made them; the score ${score} is written`,
    resultsBoxed: ({ count }: { count: number }) =>
      `only the boxes of its ${count} regions are written, as chosen`,
    resultsTextsLeft: ({ count }: { count: number }) =>
      `${count} of its texts and attributes are not stored by a results file`,
  },
  {
    resultsNone: ({ name }) =>
      `应为 COCO 结果文件，即含有 "image_id" 和 "score" 的行的列表，但 ${name} 中没有。请选择其所在的文件夹。`,
    resultsWithoutImages: ({ file }) =>
      `${file} 只用 id 引用图像和类别，其文件夹中没有含有这些 id 的标注文件。请把结果对应的标注文件（含 "images" 和 "categories"）放入同一文件夹。`,
    resultsAmbiguous: ({ file, found }) =>
      `${file} 只用 id 引用图像，其文件夹中有多个标注文件：${found.slice(0, 5).join('、')}。请只保留结果对应的标注文件。`,
    resultsWithoutRegion: () => '它既没有 segmentation，也没有 bbox',
    resultsPolygons: () => '其 segmentation 为多边形，结果文件没有定义多边形；仍然导入',
    resultsUnscored: ({ count, score }) => `${count} 个区域不是模型给出的，没有分数；写为 ${score}`,
    resultsBoxed: ({ count }) => `按选择，其 ${count} 个区域只写出框`,
    resultsTextsLeft: ({ count }) => `结果文件不保存其中 ${count} 条文字和属性`,
  },
);

const resultsFailure = failuresOf(resultsSentences);

/** A problem of a results file. */
export function resultsProblem<Name extends keyof typeof resultsSentences.english>(
  name: Name,
  parts: PartsIn<typeof resultsSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return resultsFailure(code, name, parts);
}
