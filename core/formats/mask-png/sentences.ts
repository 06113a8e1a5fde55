import { problemsOf } from '../../errors.ts';
import { sentenceSet, type Translation } from '../../sentence-set.ts';

/** What is said of folders of masks. Clauses, since the file is named before them. */

const english = {
  maskUnreadable: ({ reason }: { reason: string }) => `it cannot be read as a mask (${reason})`,
  maskTableUnreadable: ({ reason }: { reason: string }) =>
    `it cannot be read as a table of classes (${reason})`,
  maskTableAbsent: () =>
    'the masks have no table of classes (classes.csv, labels.txt, labelmap.txt, classes.json); classes are called class_1, ' +
    'class_2, … by their values',
  maskBackgroundNamed: ({ name, value }: { name: string; value: number }) =>
    `the value ${value} is taken for the background, but the table names it "${name}"; choose another background (-1 for ` +
    'none) if it is a class',
  maskValueUnknown: ({ value }: { value: number }) =>
    `no class of the table has its value ${value}; it is kept without a category`,
  maskColorsUnknown: ({ count, pixels }: { count: number; pixels: number }) =>
    `${count} of its colours, on ${pixels} pixels, are those of no class; they are left out`,
  maskPhotosAlike: ({ paths }: { paths: readonly string[] }) =>
    `it may belong to any of ${paths.length} photos: ${paths.slice(0, 5).join(', ')}`,
  maskWithoutClass: () =>
    'its value is the number of an object and tells no class; it is kept without a category',

  maskOfOtherShape: ({ kind }: { kind: 'box' | 'polygon' }) =>
    kind === 'box' ? 'its box is written as pixels' : 'its outline is written as pixels',
  maskHidden: ({ hidden }: { hidden: number }) =>
    `${hidden} of its pixels lie under regions that were drawn later, which have them in the mask`,
  maskAllHidden: () => 'all of its pixels lie under regions that were drawn later',
  maskMerged: () => 'it becomes one with the other regions of its category in this image',
  maskTooMany: ({ classes, objects }: { classes: number; objects: number }) =>
    `masks of objects can tell ${classes} categories and ${objects} objects of each apart`,
};

const chinese: Translation<typeof english> = {
  maskUnreadable: ({ reason }) => `它无法作为掩码读取（${reason}）`,
  maskTableUnreadable: ({ reason }) => `它无法作为类别表读取（${reason}）`,
  maskTableAbsent: () =>
    '这些掩码没有类别表（classes.csv、labels.txt、labelmap.txt、classes.json）；类别按值称为 class_1、class_2……',
  maskBackgroundNamed: ({ name, value }) =>
    `值 ${value} 当作背景，但类别表称之为“${name}”；如果它是类别，请选择别的背景值（-1 表示没有）`,
  maskValueUnknown: ({ value }) => `类别表中没有值 ${value}；保留为无类别`,
  maskColorsUnknown: ({ count, pixels }) =>
    `其中 ${count} 种颜色（${pixels} 个像素）不属于任何类别；未导入`,
  maskPhotosAlike: ({ paths }) =>
    `它可能属于 ${paths.length} 张照片中的任何一张：${paths.slice(0, 5).join('、')}`,
  maskWithoutClass: () => '其值是目标的编号，不说明类别；保留为无类别',

  maskOfOtherShape: ({ kind }) => `其${kind === 'box' ? '边界框' : '轮廓'}写成像素`,
  maskHidden: ({ hidden }) => `其中 ${hidden} 个像素位于后画的区域之下，在掩码中归后者`,
  maskAllHidden: () => '其所有像素都位于后画的区域之下',
  maskMerged: () => '它与此图像中同类别的其他区域合为一个',
  maskTooMany: ({ classes, objects }) =>
    `目标掩码最多区分 ${classes} 个类别，每类 ${objects} 个目标`,
};

export const maskSentences = sentenceSet(english, chinese);

/** What is wrong or doubtful with a mask, or what an export changes; its message is a clause. */
export const maskProblem = problemsOf(maskSentences);
