import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** Sentences about captions files; all but the first are clauses. */
export const captionsSentences = sentenceSet(
  {
    captionsNone: ({ name }: { name: string }) =>
      `Expected a COCO captions file, an object whose "annotations" have a "caption", but ${name} has none. ` +
      'Choose the JSON file or its folder.',
    captionsRegion: () =>
      'it also has a region; only its caption is imported, for the whole image (the format COCO imports both)',
    captionsRegionLeft: () => 'regions are not stored by a captions file',
    captionsTextsLeft: ({ count }: { count: number }) =>
      `${count} of its texts are not descriptions and are not stored by a captions file`,
  },
  {
    captionsNone: ({ name }) =>
      `应为 COCO 描述文件，即 "annotations" 含有 "caption" 的对象，但 ${name} 中没有。请选择 JSON 文件或其所在的文件夹。`,
    captionsRegion: () => '它还有区域；只导入其描述，作为整个图像的描述（COCO 格式会导入两者）',
    captionsRegionLeft: () => '描述文件不保存区域',
    captionsTextsLeft: ({ count }) => `其中 ${count} 条文字不是描述，描述文件不保存`,
  },
);

const captionsFailure = failuresOf(captionsSentences);

/** A problem of a captions file. */
export function captionsProblem<Name extends keyof typeof captionsSentences.english>(
  name: Name,
  parts: PartsIn<typeof captionsSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return captionsFailure(code, name, parts);
}
