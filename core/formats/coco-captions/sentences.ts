import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** What is said of captions files alone. Clauses, but for the first. */
export const captionsSentences = sentenceSet(
  {
    captionsNone: ({ name }: { name: string }) =>
      `Expected a captions file of COCO, an object whose "annotations" have a "caption", but ${name} holds none. ` +
      'Choose the JSON file, or the folder that it lies in.',
    captionsRegion: () =>
      'it has a region, too; only its caption is read here, as one of the whole image (COCO JSON keeps both)',
    captionsRegionLeft: () => 'a captions file has no place for regions',
    captionsTextsLeft: ({ count }: { count: number }) =>
      `${count} of its texts are no descriptions and have no place in a captions file`,
  },
  {
    captionsNone: ({ name }) =>
      `应为 COCO 描述文件，即 "annotations" 含有 "caption" 的对象，但 ${name} 中没有。请选择该 JSON 文件，或它所在的文件夹。`,
    captionsRegion: () =>
      '它还有区域；此处只读取其描述，作为整个图像的描述（COCO JSON 会保留两者）',
    captionsRegionLeft: () => '描述文件中没有区域的位置',
    captionsTextsLeft: ({ count }) => `其中 ${count} 条文字不是描述，在描述文件中没有位置`,
  },
);

const captionsFailure = failuresOf(captionsSentences);

/** What is wrong or doubtful with a captions file. */
export function captionsProblem<Name extends keyof typeof captionsSentences.english>(
  name: Name,
  parts: PartsIn<typeof captionsSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return captionsFailure(code, name, parts);
}
