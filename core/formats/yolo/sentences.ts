import { problemsOf } from '../../errors.ts';
import { sentenceSet, type Translation } from '../../sentence-set.ts';

/** Sentences about rows of YOLO datasets; clauses, because the row is named before them. */

const english = {
  yoloCardUnreadable: ({ reason }: { reason: string }) =>
    `it cannot be read as YAML (${reason}); classes and splits are taken from the folders`,
  yoloCardWithoutNames: () =>
    'it has no class names; classes are named class_0, class_1, … by their numbers',
  yoloKeyDoubled: ({ key }: { key: string }) =>
    `the key "${key}" is given several times with different values; none of them is used`,
  yoloNamesAbsent: () =>
    'the dataset has neither a data.yaml nor a list of class names (classes.txt, obj.names); classes are named class_0, ' +
    'class_1, … by their numbers',
  yoloClassNameTwice: ({ name }: { name: string }) =>
    `two classes have the name "${name}"; they are merged into one category`,
  yoloSplitFolderMissing: ({ key, found }: { key: string; found: string }) =>
    `its ${key} "${found}" is neither a folder nor a list of the dataset`,
  yoloInTwoSplits: ({ count }: { count: number }) =>
    `it assigns ${count} images to two splits; these images get no split`,
  yoloTextPassedOver: () => 'it is neither in a label folder nor beside a photo; it is skipped',
  yoloPhotosAlike: ({ paths }: { paths: readonly string[] }) =>
    `its name fits ${paths.length} photos: ${paths.slice(0, 5).join(', ')}`,
  yoloTooFewColumns: ({ found }: { found: number }) =>
    `it has ${found} columns; a box has 5, an outline has 7 or more`,
  yoloNotNumber: ({ found, column }: { found: string; column: number }) =>
    `column ${column} is "${found}", not a finite number`,
  yoloClassNotWhole: ({ found }: { found: string }) =>
    `its class "${found}" is not a non-negative integer`,
  yoloClassUnknown: ({ found, count }: { found: number; count: number }) =>
    `its class ${found} is not one of the ${count} named classes; it is kept without a category`,
  yoloNotFractions: ({ found }: { found: number }) =>
    `its coordinate ${found} is far outside the image; coordinates must be fractions of width and height from 0 to 1, ` +
    'not pixels',
  yoloClamped: ({ found }: { found: number }) =>
    `its coordinate ${found} is outside the image, whose edges are 0 and 1; it is moved to the edge`,
  yoloBoxWithoutArea: ({ found }: { found: string }) =>
    `its width and height are ${found}; both must be more than 0`,
  yoloRowTwice: () => 'it repeats an earlier row; both are kept, ultralytics reads one',
  yoloMixedRows: () =>
    'it mixes boxes and outlines; both are imported, but ultralytics refuses such a file',
  yoloKeypointsKept: ({ count }: { count: number }) =>
    `it has ${count} keypoints, which are not shown, but kept for other exports`,
  yoloPixelRows: () =>
    'its coordinates are pixels and its classes are names (DOTA); it is read as DOTA',

  yoloBoxBecomesOutline: () => 'it is a box, which becomes an outline of four corners',
  yoloRegionBecomesBox: () => 'only its box is written',
  yoloRegionBecomesTurnedBox: () => 'only its smallest rotated box is written',
  yoloBoxCut: () => 'it exceeds its image; it is clipped',
  yoloBridged: ({ rings }: { rings: number }) =>
    `its ${rings} rings are joined to one outline by bridges without width`,
  yoloWithoutSplit: ({ folder }: { folder: string }) =>
    `it has no split; its labels are written to ${folder}, which data.yaml does not list`,
  yoloTinyImage: ({ width, height }: { width: number; height: number }) =>
    `it has ${width} x ${height} pixels; ultralytics skips images under 10 x 10`,
  yoloClassShared: ({ name }: { name: string }) =>
    `several categories have the name "${name}"; they have different numbers, but readers may merge them`,
  yoloTreeLeftOut: () => 'the format has no category tree; parents are left out',
};

const chinese: Translation<typeof english> = {
  yoloCardUnreadable: ({ reason }) => `它无法按 YAML 读取（${reason}）；类别和划分改从文件夹得出`,
  yoloCardWithoutNames: () => '它没有类别名称；类别按编号命名为 class_0、class_1……',
  yoloKeyDoubled: ({ key }) => `键 "${key}" 多次出现且值不同；均未采用`,
  yoloNamesAbsent: () =>
    '该数据集既没有 data.yaml，也没有类别列表（classes.txt、obj.names）；类别按编号命名为 class_0、class_1……',
  yoloClassNameTwice: ({ name }) => `有两个类别名为“${name}”；它们的区域归入同一类别`,
  yoloSplitFolderMissing: ({ key, found }) =>
    `其 ${key}“${found}”既不是该数据集的文件夹，也不是其中的列表`,
  yoloInTwoSplits: ({ count }) => `它把 ${count} 张图像归入两个划分；这些图像不归入任何划分`,
  yoloTextPassedOver: () => '它不在标签文件夹中，旁边也没有照片；已跳过',
  yoloPhotosAlike: ({ paths }) =>
    `其名称对应 ${paths.length} 张照片：${paths.slice(0, 5).join('、')}`,
  yoloTooFewColumns: ({ found }) => `它有 ${found} 列；边界框有 5 列，轮廓有 7 列或更多`,
  yoloNotNumber: ({ found, column }) => `第 ${column} 列为“${found}”，不是有限数`,
  yoloClassNotWhole: ({ found }) => `其类别“${found}”不是非负整数`,
  yoloClassUnknown: ({ found, count }) =>
    `其类别 ${found} 不在有名称的 ${count} 个类别之中；保留为无类别`,
  yoloNotFractions: ({ found }) =>
    `其坐标 ${found} 远在图像之外；坐标应为宽和高的比例（0 到 1），而不是像素`,
  yoloClamped: ({ found }) => `其坐标 ${found} 在图像之外（边缘为 0 和 1）；已移到边缘`,
  yoloBoxWithoutArea: ({ found }) => `其宽和高为 ${found}；两者都必须大于 0`,
  yoloRowTwice: () => '它与前面的一行重复；两者都保留，ultralytics 只读取一行',
  yoloMixedRows: () => '它同时含有边界框和轮廓；两者都导入，但 ultralytics 拒绝这样的文件',
  yoloKeypointsKept: ({ count }) => `它有 ${count} 个关键点，为其他导出保留，但不显示`,
  yoloPixelRows: () => '其坐标为像素，类别为名称（DOTA）；按 DOTA 读取',

  yoloBoxBecomesOutline: () => '它是边界框，写成四个角的轮廓',
  yoloRegionBecomesBox: () => '只写出其边界框',
  yoloRegionBecomesTurnedBox: () => '只写出包围它的最小旋转框',
  yoloBoxCut: () => '它超出图像；已裁剪',
  yoloBridged: ({ rings }) => `它有 ${rings} 个环，用无宽度的桥连成一条轮廓`,
  yoloWithoutSplit: ({ folder }) => `它没有划分；其标签写入 ${folder}，data.yaml 未列出该文件夹`,
  yoloTinyImage: ({ width, height }) =>
    `它只有 ${width} x ${height} 像素；ultralytics 会跳过小于 10 x 10 的图像`,
  yoloClassShared: ({ name }) => `有多个类别名为“${name}”；各有编号，但读取程序可能视为同一类别`,
  yoloTreeLeftOut: () => '该格式没有类别树；不写出上级类别',
};

export const yoloSentences = sentenceSet(english, chinese);

/** A problem of a row, or a loss of an export; its message is a clause. */
export const yoloProblem = problemsOf(yoloSentences);
