import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

/** Sentences about panoptic files; all but the first are clauses. */
export const panopticSentences = sentenceSet(
  {
    panopticNone: ({ name }: { name: string }) =>
      `Expected a COCO panoptic file, an object whose "annotations" have "segments_info", but ${name} has none. ` +
      'Choose the JSON file or its folder.',
    panopticPngMissing: ({ found }: { found: string }) =>
      `its segmentation PNG ${found} is not in the dataset`,
    panopticPngAmbiguous: ({ found, count }: { found: string; count: number }) =>
      `its segmentation PNG ${found} fits ${count} files of the dataset`,
    panopticChannels: ({ channels }: { channels: number }) =>
      `its segmentation PNG has ${channels} channels; expected red, green and blue`,
    panopticSegmentMissing: ({ id }: { id: string }) =>
      `no pixel of the segmentation PNG has its id ${id}`,
    panopticSegmentShared: ({ id }: { id: string }) =>
      `several segments of its picture have the id ${id}; the pixels cannot be assigned`,
    panopticSegmentUnlisted: ({ id, pixels }: { id: number; pixels: number }) =>
      `${pixels} pixels of the segmentation PNG have the id ${id}, which segments_info does not list`,
    panopticCovered: ({ pixels, of }: { pixels: number; of: number }) =>
      `${pixels} of its ${of} pixels lie under other regions; a pixel belongs to one region`,
    panopticHidden: () => 'other regions cover all of its pixels; a pixel belongs to one region',
    panopticBox: () => 'boxes are not stored by this format; all pixels inside the box are written',
  },
  {
    panopticNone: ({ name }) =>
      `应为 COCO 全景文件，即 "annotations" 含有 "segments_info" 的对象，但 ${name} 中没有。请选择 JSON 文件或其所在的文件夹。`,
    panopticPngMissing: ({ found }) => `数据集中没有其分割图 ${found}`,
    panopticPngAmbiguous: ({ found, count }) => `数据集中有 ${count} 个文件可能是其分割图 ${found}`,
    panopticChannels: ({ channels }) => `其分割图有 ${channels} 个通道，应为红、绿、蓝`,
    panopticSegmentMissing: ({ id }) => `分割图中没有像素的 id 为 ${id}`,
    panopticSegmentShared: ({ id }) =>
      `同一图中有多个分割使用同一 id ${id}，无法判断像素属于哪一个`,
    panopticSegmentUnlisted: ({ id, pixels }) =>
      `分割图中有 ${pixels} 个像素的 id 为 ${id}，而 segments_info 没有列出`,
    panopticCovered: ({ pixels, of }) =>
      `其 ${of} 个像素中有 ${pixels} 个位于其他区域之下；一个像素只属于一个区域`,
    panopticHidden: () => '它的所有像素都被其他区域覆盖；一个像素只属于一个区域',
    panopticBox: () => '该格式不保存框；写出框内的所有像素',
  },
);

const panopticFailure = failuresOf(panopticSentences);

/** A problem of a panoptic file. */
export function panopticProblem<Name extends keyof typeof panopticSentences.english>(
  name: Name,
  parts: PartsIn<typeof panopticSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return panopticFailure(code, name, parts);
}
