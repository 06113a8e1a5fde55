import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** What is said of keypoints files alone. Clauses, but for the first. */
export const keypointsSentences = sentenceSet(
  {
    keypointsNone: ({ name }: { name: string }) =>
      `Expected a keypoints file of COCO, an object whose "annotations" have "keypoints", but ${name} holds none. ` +
      'Choose the JSON file, or the folder that it lies in.',
    keypointsCount: ({ found, expected }: { found: number; expected: number }) =>
      `it has ${found} numbers for keypoints where its category has ${expected}; they are kept as they stand`,
    keypointsWithoutRegion: () => 'it has neither a segmentation nor a bbox',
    keypointsUndefined: ({ category }: { category: string }) =>
      `its category "${category}" names no keypoints, so a reader of keypoints cannot use it`,
    keypointsUnset: () => 'nobody has set its keypoints; they are written as not labelled',
  },
  {
    keypointsNone: ({ name }) =>
      `应为 COCO 关键点文件，即 "annotations" 含有 "keypoints" 的对象，但 ${name} 中没有。请选择该 JSON 文件，或它所在的文件夹。`,
    keypointsCount: ({ found, expected }) =>
      `其关键点有 ${found} 个数，而其类别应有 ${expected} 个；按原样保留`,
    keypointsWithoutRegion: () => '它既没有 segmentation，也没有 bbox',
    keypointsUndefined: ({ category }) =>
      `其类别“${category}”没有定义关键点，关键点的读取程序无法使用它`,
    keypointsUnset: () => '没有人设置其关键点；写为未标注',
  },
);

const keypointsFailure = failuresOf(keypointsSentences);

/** What is wrong or doubtful with a keypoints file. */
export function keypointsProblem<Name extends keyof typeof keypointsSentences.english>(
  name: Name,
  parts: PartsIn<typeof keypointsSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return keypointsFailure(code, name, parts);
}
