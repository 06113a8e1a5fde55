import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** Sentences about keypoints files; all but the first are clauses. */
export const keypointsSentences = sentenceSet(
  {
    keypointsNone: ({ name }: { name: string }) =>
      `Expected a COCO keypoints file, an object whose "annotations" have "keypoints", but ${name} has none. ` +
      'Choose the JSON file or its folder.',
    keypointsCount: ({ found, expected }: { found: number; expected: number }) =>
      `it has ${found} keypoint numbers, but its category needs ${expected}; they are kept unchanged`,
    keypointsWithoutRegion: () => 'it has neither a segmentation nor a bbox',
    keypointsUndefined: ({ category }: { category: string }) =>
      `its category "${category}" defines no keypoints; readers of keypoints cannot use it`,
    keypointsUnset: () => 'its keypoints are not set; they are written as not labelled',
  },
  {
    keypointsNone: ({ name }) =>
      `应为 COCO 关键点文件，即 "annotations" 含有 "keypoints" 的对象，但 ${name} 中没有。请选择 JSON 文件或其所在的文件夹。`,
    keypointsCount: ({ found, expected }) =>
      `其关键点有 ${found} 个数，而其类别应有 ${expected} 个；按原样保留`,
    keypointsWithoutRegion: () => '它既没有 segmentation，也没有 bbox',
    keypointsUndefined: ({ category }) =>
      `其类别“${category}”没有定义关键点，关键点的读取程序无法使用它`,
    keypointsUnset: () => '其关键点未设置；写为未标注',
  },
);

const keypointsFailure = failuresOf(keypointsSentences);

/** A problem of a keypoints file. */
export function keypointsProblem<Name extends keyof typeof keypointsSentences.english>(
  name: Name,
  parts: PartsIn<typeof keypointsSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return keypointsFailure(code, name, parts);
}
