import { failuresOf } from '../errors.ts';
import { sentenceSet } from '../sentence-set.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface WrongMaskString extends Size {
  readonly isCutOff: boolean;
  readonly character: number;
  readonly length: number;
}

interface RunsSum {
  readonly expected: number;
  readonly sum: number;
}

/** Invalid outlines and masks. */
export const geometrySentences = sentenceSet(
  {
    polygonTooFar: ({ furthest, found }: { furthest: number; found: number }) =>
      `A polygon coordinate must be a number of pixels within ${furthest} of the image, found ${found}.`,
    maskRunsSum: ({ width, height, expected, sum }: Size & RunsSum) =>
      `The runs of a ${width} x ${height} pixel mask must sum to ${expected} pixels, but they sum to ${sum}; ` +
      'the mask is truncated, or its size was changed.',
    maskStringWrong: ({ width, height, isCutOff, character, length }: WrongMaskString) =>
      `The RLE string of a ${width} x ${height} pixel mask ` +
      `${isCutOff ? 'ends in the middle of a number' : 'is not valid'} at character ${character} of ${length}; ` +
      'expected COCO compressed RLE. Export the mask again from the tool that wrote it.',
    nothingInside: () =>
      'A line and an image tag have no inside, so they cannot be joined, cut, painted or converted.',
    maskRunWrong: ({ index, found }: { index: number; found: number }) =>
      `Run ${index} of an uncompressed RLE must be a whole number of pixels, found ${found}.`,
  },
  {
    polygonTooFar: ({ furthest, found }) =>
      `多边形坐标应为与图像相距 ${furthest} 以内的像素数，实为 ${found}。`,
    maskRunsSum: ({ width, height, expected, sum }) =>
      `${width} x ${height} 掩码的游程之和应为 ${expected} 像素，实为 ${sum}；掩码被截断，或其大小被改动。`,
    maskStringWrong: ({ width, height, isCutOff, character, length }) =>
      `${width} x ${height} 像素掩码的 RLE 字符串${isCutOff ? '在一个数的中间结束' : '无效'}（第 ${character} 个字符，共 ${length} 个）；应为 COCO 压缩 RLE。请用原工具重新导出该掩码。`,
    nothingInside: () => '折线和图像标签没有内部，不能合并、剪切、涂画或转换。',
    maskRunWrong: ({ index, found }) =>
      `未压缩 RLE 的第 ${index} 个游程应为整数个像素，实为 ${found}。`,
  },
);

export const geometryFailure = failuresOf(geometrySentences);
