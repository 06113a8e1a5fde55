import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** What is said of CVAT's files alone. Clauses, but for the first two. */
export const cvatSentences = sentenceSet(
  {
    cvatNotXml: ({ file, reason }: { file: string; reason: string }) =>
      `${file} is not sound XML: ${reason}. Export it from CVAT again.`,
    cvatNotAnnotations: ({ file, found }: { file: string; found: string }) =>
      `Expected a CVAT file, whose outermost element is <annotations>, but in ${file} it is <${found}>. ` +
      'Export the task as "CVAT for images 1.1".',
    cvatTracks: ({ count }: { count: number }) =>
      `it has ${count} tracks of a video, which are not read; export it as "CVAT for images 1.1"`,
    cvatOutlineLeft: () => 'CVAT holds its keypoints only, so its outline is left out',
    cvatAttributeAsText: ({ name, category }: { name: string; category: string }) =>
      `the attribute "${name}" of "${category}" has values of several types; all are written as text`,
    cvatLetters: ({ count }: { count: number }) =>
      `${count} texts hold characters that XML cannot hold; they are written as the sign for an unknown one`,
  },
  {
    cvatNotXml: ({ file, reason }) => `${file} 不是正确的 XML：${reason}。请从 CVAT 重新导出。`,
    cvatNotAnnotations: ({ file, found }) =>
      `应为 CVAT 文件，其最外层元素为 <annotations>，但 ${file} 的最外层元素为 <${found}>。请以“CVAT for images 1.1”格式导出任务。`,
    cvatTracks: ({ count }) =>
      `其中有 ${count} 条视频轨迹，无法读取；请以“CVAT for images 1.1”格式导出`,
    cvatOutlineLeft: () => 'CVAT 只保存其关键点，不写出其轮廓',
    cvatAttributeAsText: ({ name, category }) =>
      `“${category}”的属性“${name}”有多种类型的值；全部写为文字`,
    cvatLetters: ({ count }) => `${count} 处文字含有 XML 无法保存的字符；写为表示未知字符的符号`,
  },
);

const cvatFailure = failuresOf(cvatSentences);

/** What is wrong or doubtful with a CVAT file. */
export function cvatProblem<Name extends keyof typeof cvatSentences.english>(
  name: Name,
  parts: PartsIn<typeof cvatSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return cvatFailure(code, name, parts);
}
