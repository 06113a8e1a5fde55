import type { cocoSentences, PolygonProblem } from '../../core/formats/coco-sentences.ts';
import { chineseStates } from './states-zh-CN.ts';

/** What is said of rows of COCO files, in Simplified Chinese. Keys of the format stay as they are. */
export const chineseCocoSentences: typeof cocoSentences = {
  rowNotJson: ({ reason }) => `它无法按 JSON 读取（${reason}）`,
  rowNotObject: ({ found }) => `它不是对象，而是${seen(found)}`,
  rowLacks: ({ key, found }) => `它缺少 ${key}，此处为${seen(found)}`,
  rowIdTaken: ({ kind, id }) => `另一个${kind === 'image' ? '图像' : '类别'}已使用 id ${id}`,
  rowImageIdShared: ({ id }) => `多个图像使用同一 id ${id}，无法判断标注属于哪一个`,
  rowCategoryNameTaken: ({ name, taken }) => `文件中另有类别名为“${name}”；此类别改名为“${taken}”`,
  rowCategoryMerged: ({ name }) => `文件中另有同一上级的类别名为“${name}”；两者合为一个`,
  rowCategoryCircle: ({ name, parent }) => `其上级“${parent}”本身位于“${name}”之下；保留为无上级`,
  rowNameBroken: ({ name }) => `其名称含有半个字符（残缺的代理对）；保留为“${name}”`,
  rowKeyNotFinite: ({ key }) => `其 ${key} 含有 NaN 或 Infinity，不是 JSON；未导入该键`,
  rowSplitUnknown: ({ found }) => `其 split ${found} 不是本程序的划分；未导入`,
  rowIdZero: () => '其 id 为 0，评测时会当作“无匹配”；导出时会换成别的 id',
  rowIdMissing: () => '它没有 id；予以保留',
  rowIdRepeated: ({ row, id }) => `annotations 第 ${row} 行已使用 id ${id}；两者都保留`,

  licensesLeft: () =>
    '不保存许可证，只保存各图像的许可证编号；导出时图像、类别和标注会重新编号，请保留此文件',
  rowImageUnknown: ({ found }) => `项目中没有文件名为 ${found} 的图像`,
  rowImageAmbiguous: ({ found, paths }) =>
    `文件名 ${found} 可能指项目中的 ${paths.length} 张图像：${paths.slice(0, 5).join('、')}`,
  rowImageAlike: ({ found, path }) => `项目中没有文件名正好为 ${found} 的图像；取 ${path} 代之`,
  rowImageSize: ({ written, width, height }) =>
    `文件中写的大小为 ${seen(written.width)} x ${seen(written.height)}，磁盘上为 ${width} x ${height}；形状的位置不变`,
  rowImageScaled: ({ written, width, height }) =>
    `文件中其尺寸为 ${written.width} x ${written.height}，磁盘上为 ${width} x ${height}；形状随之缩放`,
  rowImageOther: ({ written, width, height }) =>
    `文件中其尺寸为 ${written.width} x ${written.height}，磁盘上为 ${width} x ${height}，宽高比不同：无法知道形状应在何处`,
  rowImageMissing: ({ id }) => `文件中没有 id 为 ${id} 的图像`,
  rowImageDropped: ({ id }) => `其图像 ${id} 未导入，原因见该图像`,
  rowCategoryMissing: ({ id }) => `文件中没有 id 为 ${id} 的类别；保留为无类别`,
  rowWithoutCategory: ({ found }) => `它缺少 category_id，此处为${seen(found)}；保留为无类别`,

  rowWithoutRegion: () => '它既没有 segmentation，也没有 bbox 和 caption',
  segmentationUnknown: ({ found }) =>
    `其 segmentation 既不是多边形列表，也不是 RLE，而是${seen(found)}`,
  segmentationEmpty: () => '其 segmentation 没有覆盖图像的任何像素',
  boxInstead: () => '其 segmentation 没有内容；改用其 bbox',
  polygonsUnusable: ({ problems }) => problems.map(polygonClause).join('；'),
  polygonLeftOut: (problem) => `${polygonClause(problem)}；未导入该多边形`,
  rleSizeUnreadable: ({ found }) => `其 RLE 的 size 应为 [高, 宽]，此处为${seen(found)}`,
  rleSizeDiffers: ({ rle, image }) =>
    `其 RLE 为 ${rle.width} x ${rle.height} 像素，而图像为 ${image.width} x ${image.height}`,
  rleCountsUnknown: ({ found }) => `其 RLE 的 counts 既不是字符串也不是列表，而是${seen(found)}`,

  boxUnreadable: ({ found }) => `其 bbox 应为四个有限数，此处为${seen(found)}`,
  boxWithoutArea: ({ found }) => `其 bbox ${found} 没有面积`,
  boxOutside: ({ found, width, height }) => `其 bbox ${found} 位于 ${width} x ${height} 的图像之外`,
  boxCut: ({ found, width, height }) =>
    `其 bbox ${found} 超出 ${width} x ${height} 的图像；已裁剪到图像之内`,
  boxMeasured: ({ found }) => `其 bbox ${found} 不是四个有限数；改为重新测量`,
  boxDiffers: ({ found, expected }) =>
    `其 bbox ${found} 与 segmentation 不符，改用后者的边界框 ${expected}；原框保留为 given_bbox`,
  boxTurned: ({ found, degrees }) => `其 bbox ${found} 旋转了 ${degrees} 度；改存为轮廓`,

  crowdUnknown: ({ found }) => `其 iscrowd 为${seen(found)}，既不是 0 也不是 1；按 0 处理`,
  textUnknown: ({ index, found }) =>
    `文本 ${index} 不是本程序的格式（${seen(found)}）；未导入该文本`,
  captionUnknown: ({ found }) => `其 caption 不是字符串，而是${seen(found)}；未导入该描述`,

  exportImageState: ({ state }) => `它的状态为“${chineseStates[state]}”`,
  exportUnlabelled: () => '它没有区域，也没有人标记为无目标',
  exportUncategorised: () => '它的区域都没有类别',
  exportImageLeftOut: () => '它的图像未导出',
  exportWithoutCategory: () => '它没有类别',
  exportEmpty: () => '它没有覆盖图像的任何像素',
};

/** A value of the file within a sentence. */
const seen = (found: string): string => (found === 'nothing' ? '空' : ` ${found}`);

function polygonClause(problem: PolygonProblem): string {
  return `多边形 ${problem.index} ${whatIsWrong(problem)}`;
}

function whatIsWrong(problem: PolygonProblem): string {
  switch (problem.kind) {
    case 'not-a-list':
      return `不是数字列表，而是${seen(problem.found)}`;
    case 'not-finite':
      return `含有${seen(problem.found)}，它不是有限数`;
    case 'too-short':
      return problem.count === 4
        ? '有 4 个数，读取程序会把它当作框；多边形至少需要 6 个数'
        : `有 ${problem.count} 个数；多边形至少需要 6 个数`;
    case 'odd':
      return `的数字个数为奇数（${problem.count}）`;
  }
}
