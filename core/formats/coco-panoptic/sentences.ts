import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** What is said of panoptic files alone. Clauses, but for the first. */
export const panopticSentences = sentenceSet(
  {
    panopticNone: ({ name }: { name: string }) =>
      `Expected a panoptic file of COCO, an object whose "annotations" have "segments_info", but ${name} holds none. ` +
      'Choose the JSON file, or the folder that it lies in.',
    panopticPngMissing: ({ found }: { found: string }) =>
      `its picture of segments ${found} is not in the dataset`,
    panopticPngAmbiguous: ({ found, count }: { found: string; count: number }) =>
      `${count} files of the dataset may be its picture of segments ${found}`,
    panopticChannels: ({ channels }: { channels: number }) =>
      `its picture of segments has ${channels} channels where red, green and blue are expected`,
    panopticSegmentMissing: ({ id }: { id: string }) =>
      `no pixel of the picture of segments has its id ${id}`,
    panopticSegmentUnlisted: ({ id, pixels }: { id: number; pixels: number }) =>
      `${pixels} pixels of the picture have the id ${id}, which segments_info does not list`,
    panopticCovered: ({ pixels, of }: { pixels: number; of: number }) =>
      `${pixels} of its ${of} pixels lie under other regions, and a pixel can belong to one only`,
    panopticHidden: () => 'other regions cover all of it, and a pixel can belong to one only',
    panopticBox: () => 'a box has no place in this format; it is written with all pixels inside it',
  },
  {
    panopticNone: ({ name }) =>
      `应为 COCO 全景文件，即 "annotations" 含有 "segments_info" 的对象，但 ${name} 中没有。请选择该 JSON 文件，或它所在的文件夹。`,
    panopticPngMissing: ({ found }) => `数据集中没有其分割图 ${found}`,
    panopticPngAmbiguous: ({ found, count }) => `数据集中有 ${count} 个文件可能是其分割图 ${found}`,
    panopticChannels: ({ channels }) => `其分割图有 ${channels} 个通道，应为红、绿、蓝`,
    panopticSegmentMissing: ({ id }) => `分割图中没有像素的 id 为 ${id}`,
    panopticSegmentUnlisted: ({ id, pixels }) =>
      `分割图中有 ${pixels} 个像素的 id 为 ${id}，而 segments_info 没有列出`,
    panopticCovered: ({ pixels, of }) =>
      `其 ${of} 个像素中有 ${pixels} 个位于其他区域之下，而一个像素只能属于一个区域`,
    panopticHidden: () => '它完全被其他区域覆盖，而一个像素只能属于一个区域',
    panopticBox: () => '该格式没有框；框内的所有像素都写为该区域',
  },
);

const panopticFailure = failuresOf(panopticSentences);

/** What is wrong or doubtful with a panoptic file. */
export function panopticProblem<Name extends keyof typeof panopticSentences.english>(
  name: Name,
  parts: PartsIn<typeof panopticSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return panopticFailure(code, name, parts);
}
