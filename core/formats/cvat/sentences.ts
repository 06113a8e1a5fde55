import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** Sentences about CVAT files; all but the first two are clauses. */
export const cvatSentences = sentenceSet(
  {
    cvatNotXml: ({ file, reason }: { file: string; reason: string }) =>
      `${file} is not valid XML: ${reason}. Export it from CVAT again.`,
    cvatNotAnnotations: ({ file, found }: { file: string; found: string }) =>
      `Expected a CVAT file with the root element <annotations>, but the root of ${file} is <${found}>. ` +
      'Export the task as "CVAT for images 1.1".',
    cvatTracks: ({ count }: { count: number }) =>
      `its ${count} video tracks are not imported; export it as "CVAT for images 1.1"`,
    cvatOutlineLeft: () => 'a skeleton of CVAT has keypoints only; the outline is left out',
    cvatAttributeAsText: ({ name, category }: { name: string; category: string }) =>
      `the attribute "${name}" of "${category}" has values of several types; all are written as text`,
    cvatLetters: ({ count }: { count: number }) =>
      `${count} texts have characters that XML does not allow; they are written as U+FFFD`,
  },
  {
    cvatNotXml: ({ file, reason }) => `${file} 不是有效的 XML：${reason}。请从 CVAT 重新导出。`,
    cvatNotAnnotations: ({ file, found }) =>
      `应为根元素为 <annotations> 的 CVAT 文件，但 ${file} 的根元素为 <${found}>。请以“CVAT for images 1.1”格式导出任务。`,
    cvatTracks: ({ count }) =>
      `其中有 ${count} 条视频轨迹，无法读取；请以“CVAT for images 1.1”格式导出`,
    cvatOutlineLeft: () => 'CVAT 的骨架只有关键点；不写出轮廓',
    cvatAttributeAsText: ({ name, category }) =>
      `“${category}”的属性“${name}”有多种类型的值；全部写为文字`,
    cvatLetters: ({ count }) => `${count} 处文字含有 XML 不允许的字符；写为 U+FFFD`,
  },
);

const cvatFailure = failuresOf(cvatSentences);

/** A problem of a CVAT file. */
export function cvatProblem<Name extends keyof typeof cvatSentences.english>(
  name: Name,
  parts: PartsIn<typeof cvatSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return cvatFailure(code, name, parts);
}
