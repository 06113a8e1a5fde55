import { problemsOf } from '../../errors.ts';
import { sentenceSet, type Translation } from '../../sentence-set.ts';

/** Sentences about folders of masks; clauses, because the file is named before them. */

const english = {
  maskUnreadable: ({ reason }: { reason: string }) => `it cannot be read as a mask (${reason})`,
  maskTableUnreadable: ({ reason }: { reason: string }) =>
    `it cannot be read as a class table (${reason})`,
  maskTableAbsent: () =>
    'the masks have no class table (classes.csv, labels.txt, labelmap.txt, classes.json); classes are named class_1, ' +
    'class_2, … by their values',
  maskBackgroundNamed: ({ name, value }: { name: string; value: number }) =>
    `the value ${value} is read as background, but the class table names it "${name}"; if it is a class, choose another ` +
    'background (-1 for none)',
  maskValueUnknown: ({ value }: { value: number }) =>
    `the class table does not list its value ${value}; it is kept without a category`,
  maskColorsUnknown: ({ count, pixels }: { count: number; pixels: number }) =>
    `${count} of its colours (${pixels} pixels) belong to no class; they are left out`,
  maskPhotosAlike: ({ paths }: { paths: readonly string[] }) =>
    `its name fits ${paths.length} photos: ${paths.slice(0, 5).join(', ')}`,
  maskWithoutClass: () =>
    'its value is an object number without a class; it is kept without a category',

  maskOfOtherShape: ({ kind }: { kind: 'box' | 'polygon' }) =>
    kind === 'box' ? 'its box is written as pixels' : 'its outline is written as pixels',
  maskHidden: ({ hidden }: { hidden: number }) =>
    `${hidden} of its pixels lie under later regions and belong to those in the mask`,
  maskAllHidden: () => 'all of its pixels lie under later regions',
  maskMerged: () => 'it is merged with the other regions of its category in this image',
  maskTooMany: ({ classes, objects }: { classes: number; objects: number }) =>
    `instance masks distinguish at most ${classes} categories and ${objects} objects per category`,
};

const chinese: Translation<typeof english> = {
  maskUnreadable: ({ reason }) => `它无法作为掩码读取（${reason}）`,
  maskTableUnreadable: ({ reason }) => `它无法作为类别表读取（${reason}）`,
  maskTableAbsent: () =>
    '这些掩码没有类别表（classes.csv、labels.txt、labelmap.txt、classes.json）；类别按值命名为 class_1、class_2……',
  maskBackgroundNamed: ({ name, value }) =>
    `值 ${value} 当作背景，但类别表称之为“${name}”；如果它是类别，请选择别的背景值（-1 表示没有）`,
  maskValueUnknown: ({ value }) => `类别表中没有值 ${value}；保留为无类别`,
  maskColorsUnknown: ({ count, pixels }) =>
    `其中 ${count} 种颜色（${pixels} 个像素）不属于任何类别；未导入`,
  maskPhotosAlike: ({ paths }) =>
    `其名称对应 ${paths.length} 张照片：${paths.slice(0, 5).join('、')}`,
  maskWithoutClass: () => '其值是目标的编号，不说明类别；保留为无类别',

  maskOfOtherShape: ({ kind }) => `其${kind === 'box' ? '边界框' : '轮廓'}写成像素`,
  maskHidden: ({ hidden }) => `其中 ${hidden} 个像素位于后画的区域之下，在掩码中归后者`,
  maskAllHidden: () => '其所有像素都位于后画的区域之下',
  maskMerged: () => '它与此图像中同类别的其他区域合为一个',
  maskTooMany: ({ classes, objects }) =>
    `实例掩码最多区分 ${classes} 个类别，每类 ${objects} 个目标`,
};

export const maskSentences = sentenceSet(english, chinese);

/** A problem of a mask, or a loss of an export; its message is a clause. */
export const maskProblem = problemsOf(maskSentences);
