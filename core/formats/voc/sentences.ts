import { problemsOf } from '../../errors.ts';
import { sentenceSet, type Translation } from '../../sentence-set.ts';

/** Sentences about Pascal VOC datasets; clauses, because the row is named before them. */

const english = {
  vocNotXml: ({ reason }: { reason: string }) => `it cannot be read as XML (${reason})`,
  vocNotAnnotation: ({ found }: { found: string }) =>
    `its root element is <${found}>, not <annotation>`,
  vocOtherFileName: ({ found, taken }: { found: string; taken: string }) =>
    `its <filename> is "${found}", but VOC readers use the name of the file; ${taken} is used`,
  vocSizeUnreadable: ({ found }: { found: string }) =>
    `its <size> is ${found}; the size of the photo is used`,
  vocBoxUnreadable: ({ found }: { found: string }) =>
    `its <bndbox> must have four numbers, found ${found}`,
  vocBoxWithoutArea: ({ found }: { found: string }) => `its <bndbox> ${found} has no area`,
  vocWithoutName: () => 'it has no <name>; it is kept without a category',
  vocPartsApart: ({ count }: { count: number }) =>
    `its ${count} parts become separate regions, with categories below its own`,
  vocMaskUnreadable: ({ reason }: { reason: string }) => `it cannot be read as a PNG (${reason})`,
  vocMaskSizes: ({ found, expected }: { found: string; expected: string }) =>
    `it has ${found} pixels, but ${expected} were expected; its masks are left out`,
  vocClassUnknown: ({ found }: { found: string }) =>
    `the class ${found} of its mask is neither in labelmap.txt nor one of VOC`,
  vocMaskAlone: () => 'no object of the XML has its box and class; it becomes a separate region',
  vocInTwoSplits: ({ count }: { count: number }) =>
    `the lists assign ${count} images to two splits; these images get no split`,

  vocOutlineBecomesMask: () => 'its outline is written as pixels',
  vocRegionBecomesBox: () => 'only its box is written',
  vocBoxRounded: () => 'its box is widened to whole pixels',
  vocHidden: ({ hidden }: { hidden: number }) =>
    `${hidden} of its pixels lie under later regions and belong to those in the mask`,
  vocTooManyForMask: ({ most }: { most: number }) =>
    `VOC masks distinguish at most ${most} objects and classes; only its box is written`,
  vocTreeLeftOut: () => 'the format has no category tree; parents are left out',
};

const chinese: Translation<typeof english> = {
  vocNotXml: ({ reason }) => `它无法按 XML 读取（${reason}）`,
  vocNotAnnotation: ({ found }) => `其根元素是 <${found}>，而不是 <annotation>`,
  vocOtherFileName: ({ found, taken }) =>
    `其 <filename> 为“${found}”，但 VOC 的读取程序以文件名为准；取 ${taken}`,
  vocSizeUnreadable: ({ found }) => `其 <size> 为 ${found}；改用照片的尺寸`,
  vocBoxUnreadable: ({ found }) => `其 <bndbox> 应有四个数，此处为 ${found}`,
  vocBoxWithoutArea: ({ found }) => `其 <bndbox> ${found} 没有面积`,
  vocWithoutName: () => '它没有 <name>；保留为无类别',
  vocPartsApart: ({ count }) => `其 ${count} 个部件成为独立的区域，类别位于其自身类别之下`,
  vocMaskUnreadable: ({ reason }) => `它无法按 PNG 读取（${reason}）`,
  vocMaskSizes: ({ found, expected }) => `它有 ${found} 像素，而应为 ${expected}；未导入其中的掩码`,
  vocClassUnknown: ({ found }) => `其掩码的类别 ${found} 既不在 labelmap.txt 中，也不是 VOC 的类别`,
  vocMaskAlone: () => 'XML 中没有框和类别与之相符的目标；它成为独立的区域',
  vocInTwoSplits: ({ count }) => `列表把 ${count} 张图像归入两个划分；这些图像不归入任何划分`,

  vocOutlineBecomesMask: () => '其轮廓写成像素',
  vocRegionBecomesBox: () => '只写出其边界框',
  vocBoxRounded: () => '其边界框扩大到整像素',
  vocHidden: ({ hidden }) => `其中 ${hidden} 个像素位于后画的区域之下，在掩码中归后者`,
  vocTooManyForMask: ({ most }) => `VOC 的掩码最多区分 ${most} 个目标和类别；只写出其边界框`,
  vocTreeLeftOut: () => '该格式没有类别树；不写出上级类别',
};

export const vocSentences = sentenceSet(english, chinese);

/** A problem of a row, or a loss of an export; its message is a clause. */
export const vocProblem = problemsOf(vocSentences);
