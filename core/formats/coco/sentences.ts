import { failuresOf, problemsOf } from '../../errors.ts';
import { sentenceSet } from '../../sentence-set.ts';

export type PolygonProblem = {
  /** Index of the polygon within the row, from 0. */
  readonly index: number;
} & (
  | { readonly kind: 'not-a-list'; readonly found: string }
  | { readonly kind: 'not-finite'; readonly found: string }
  | { readonly kind: 'too-short'; readonly count: number }
  | { readonly kind: 'odd'; readonly count: number }
);

interface Found {
  readonly found: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Id = number | string;

interface NotList {
  readonly file: string;
  readonly section: string;
  readonly found: string | null;
}

const expectedCoco =
  'Expected a COCO file, an object with the lists "images", "annotations" and "categories";';
const chineseExpectedCoco =
  '应为 COCO 文件，即含有 "images"、"annotations" 和 "categories" 列表的对象；';

/**
 * Sentences about COCO files: rows left out, rows imported with a warning, and losses of an
 * export. All but the first two are clauses, because the row is named before them. Values of the
 * file are quoted literally; a missing value is `nothing`.
 */
export const cocoSentences = sentenceSet(
  {
    datasetSectionNotList: ({ file, section, found }: NotList) =>
      `${expectedCoco} but in ${file} its section "${section}" is not a list but ` +
      `${found ?? 'something that is not JSON'}. Choose the annotation file of the dataset.`,
    cocoSeveralFiles: ({ files }: { files: readonly string[] }) =>
      files.length === 0
        ? 'The folder has no COCO file. Choose the annotation file (.json) itself.'
        : `The folder has several COCO files: ${files.join(', ')}. Choose one of them.`,
    datasetWithoutImages: ({ file, sections }: { file: string; sections: readonly string[] }) => {
      const found = sections.map((section) => `"${section}"`).join(', ');
      return (
        `${expectedCoco} but in ${file} it has ${found === '' ? 'no sections' : `only the sections ${found}`}. ` +
        'Choose the annotation file of the dataset.'
      );
    },

    rowNotJson: ({ reason }: { reason: string }) => `it cannot be read as JSON (${reason})`,
    rowNotObject: ({ found }: Found) => `it is not an object but ${found}`,
    rowLacks: ({ key, found }: Found & { key: string }) => `it has no ${key} but ${found}`,
    rowIdTaken: ({ kind, id }: { kind: 'image' | 'category'; id: Id }) =>
      `an earlier row describes the same ${kind} with the id ${id}; this row is not needed`,
    rowImageIdShared: ({ id }: { id: Id }) =>
      `several images have the id ${id}; the annotations cannot be assigned`,
    rowCategoryIdShared: ({ id, names }: { id: Id; names: readonly string[] }) =>
      `several categories have the id ${id}: ${names.join(' and ')}; it cannot be told which of them is meant`,
    rowCategoryNameTaken: ({ name, taken }: { name: string; taken: string }) =>
      `another category of the file has the name "${name}"; this one is renamed to "${taken}"`,
    rowCategoryMerged: ({ name }: { name: string }) =>
      `another category of the file has the name "${name}" and the same supercategory; both are merged`,
    rowCategoryCircle: ({ name, parent }: { name: string; parent: string }) =>
      `its supercategory "${parent}" is a descendant of "${name}"; it is kept without a supercategory`,
    rowKeyNotFinite: ({ key }: { key: string }) =>
      `its ${key} holds NaN or Infinity, which is not JSON; the key is left out`,
    rowSplitUnknown: ({ found }: Found) => `its split ${found} is unknown; it is left out`,
    rowLicenseShared: ({ found }: Found) =>
      `several licences of the file have its license ${found}; the key is left out`,
    rowIdZero: () => 'its id is 0, which evaluation reads as "no match"; exports write another id',
    rowIdMissing: () => 'it has no id; it is kept',
    rowIdRepeated: ({ row, id }: { row: number; id: Id }) =>
      `annotation row ${row} has the same id ${id}; both are kept`,

    rowImageSize: ({
      written,
      width,
      height,
    }: Size & { written: { [side in keyof Size]: string } }) =>
      `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk; ` +
      'the coordinates of shapes are kept',
    rowImageMissing: ({ id }: { id: Id }) => `no image of the file has the id ${id}`,
    rowImageDropped: ({ id, reason }: { id: Id; reason: string }) =>
      `its image ${id} was dropped: ${reason}`,
    rowCategoryMissing: ({ id }: { id: Id }) =>
      `no category of the file has the id ${id}; it is kept without a category`,
    rowWithoutCategory: ({ found }: Found) =>
      `it has no category_id but ${found}; it is kept without a category`,

    rowWithoutRegion: () => 'it has neither a segmentation, nor a bbox, nor a caption',
    segmentationUnknown: ({ found }: Found) =>
      `its segmentation is neither a list of polygons nor an RLE but ${found}`,
    segmentationEmpty: () => 'its segmentation covers no pixel of its image',
    boxInstead: () => 'its segmentation is empty; its bbox is used instead',
    polygonsUnusable: ({ problems }: { problems: readonly PolygonProblem[] }) =>
      problems.map(polygonClause).join('; '),
    polygonLeftOut: (problem: PolygonProblem) => `${polygonClause(problem)}; it is left out`,
    rleSizeUnreadable: ({ found }: Found) =>
      `its RLE needs a size of [height, width], found ${found}`,
    rleSizeDiffers: ({ rle, image }: { rle: Size; image: Size }) =>
      `its RLE has ${rle.width} x ${rle.height} pixels but its image has ${image.width} x ${image.height}`,
    rleCountsUnknown: ({ found }: Found) =>
      `the counts of its RLE are neither a string nor a list but ${found}`,

    boxUnreadable: ({ found }: Found) => `its bbox must be four finite numbers, found ${found}`,
    boxWithoutArea: ({ found }: Found) => `its bbox ${found} has no area`,
    boxOutside: ({ found, width, height }: Found & Size) =>
      `its bbox ${found} is outside its image of ${width} x ${height}`,
    boxCut: ({ found, width, height }: Found & Size) =>
      `its bbox ${found} exceeds its image of ${width} x ${height}; it is clipped`,
    boxMeasured: ({ found }: Found) =>
      `its bbox ${found} is not four finite numbers; the box of its segmentation is used`,
    boxDiffers: ({ found, expected }: Found & { expected: string }) =>
      `its bbox ${found} differs from the box ${expected} of its segmentation, which replaces it; the original is kept as given_bbox`,
    boxTurned: ({ found, degrees }: Found & { degrees: number }) =>
      `its bbox ${found} is rotated by ${degrees} degrees; it becomes an outline`,

    crowdUnknown: ({ found }: Found) => `its iscrowd is ${found}, neither 0 nor 1; 0 is used`,
    textUnknown: ({ index, found }: Found & { index: number }) =>
      `text ${index} has an unknown structure (${found}); it is left out`,
    captionUnknown: ({ found }: Found) =>
      `its caption is not a string but ${found}; it is left out`,
  },
  {
    datasetSectionNotList: ({ file, section, found }) =>
      `${chineseExpectedCoco}但在 ${file} 中，“${section}”部分不是列表，而是 ${found ?? '无效的 JSON'}。请选择数据集的标注文件。`,
    cocoSeveralFiles: ({ files }) =>
      files.length === 0
        ? '该文件夹中没有 COCO 文件。请选择标注文件（.json）本身。'
        : `该文件夹中有多个 COCO 文件：${files.join('、')}。请选择其中之一。`,
    datasetWithoutImages: ({ file, sections }) =>
      `${chineseExpectedCoco}但 ${file} ${sections.length === 0 ? '没有任何部分' : `只有这些部分：${sections.join('、')}`}。请选择数据集的标注文件。`,

    rowNotJson: ({ reason }) => `它无法按 JSON 读取（${reason}）`,
    rowNotObject: ({ found }) => `它不是对象，而是${seen(found)}`,
    rowLacks: ({ key, found }) => `它缺少 ${key}，此处为${seen(found)}`,
    rowIdTaken: ({ kind, id }) =>
      `前面已有一行描述了同一${kind === 'image' ? '图像' : '类别'}（id ${id}）；不需要此行`,
    rowImageIdShared: ({ id }) => `多个图像使用同一 id ${id}，无法判断标注属于哪一个`,
    rowCategoryIdShared: ({ id, names }) =>
      `多个类别使用同一 id ${id}：${names.join('、')}，无法判断指的是哪一个`,
    rowCategoryNameTaken: ({ name, taken }) =>
      `文件中另有类别名为“${name}”；此类别改名为“${taken}”`,
    rowCategoryMerged: ({ name }) => `文件中另有同一上级的类别名为“${name}”；两者合为一个`,
    rowCategoryCircle: ({ name, parent }) => `其上级“${parent}”是“${name}”的下级；保留为无上级`,
    rowKeyNotFinite: ({ key }) => `其 ${key} 含有 NaN 或 Infinity，不是 JSON；未导入该键`,
    rowSplitUnknown: ({ found }) => `其划分 ${found} 未知；未导入`,
    rowLicenseShared: ({ found }) => `文件中有多个许可证使用其 license ${found}；未导入该键`,
    rowIdZero: () => '其 id 为 0，评测时会当作“无匹配”；导出时会换成别的 id',
    rowIdMissing: () => '它没有 id；予以保留',
    rowIdRepeated: ({ row, id }) => `annotations 第 ${row} 行已使用 id ${id}；两者都保留`,

    rowImageSize: ({ written, width, height }) =>
      `文件中写的大小为 ${seen(written.width)} x ${seen(written.height)}，磁盘上为 ${width} x ${height}；形状的位置不变`,
    rowImageMissing: ({ id }) => `文件中没有 id 为 ${id} 的图像`,
    rowImageDropped: ({ id }) => `其图像 ${id} 未导入，原因见该图像`,
    rowCategoryMissing: ({ id }) => `文件中没有 id 为 ${id} 的类别；保留为无类别`,
    rowWithoutCategory: ({ found }) => `它缺少 category_id，此处为${seen(found)}；保留为无类别`,

    rowWithoutRegion: () => '它既没有 segmentation，也没有 bbox 和 caption',
    segmentationUnknown: ({ found }) =>
      `其 segmentation 既不是多边形列表，也不是 RLE，而是${seen(found)}`,
    segmentationEmpty: () => '其 segmentation 没有覆盖图像的任何像素',
    boxInstead: () => '其 segmentation 为空；改用其 bbox',
    polygonsUnusable: ({ problems }) => problems.map(chinesePolygonClause).join('；'),
    polygonLeftOut: (problem) => `${chinesePolygonClause(problem)}；未导入该多边形`,
    rleSizeUnreadable: ({ found }) => `其 RLE 的 size 应为 [高, 宽]，此处为${seen(found)}`,
    rleSizeDiffers: ({ rle, image }) =>
      `其 RLE 为 ${rle.width} x ${rle.height} 像素，而图像为 ${image.width} x ${image.height}`,
    rleCountsUnknown: ({ found }) => `其 RLE 的 counts 既不是字符串也不是列表，而是${seen(found)}`,

    boxUnreadable: ({ found }) => `其 bbox 应为四个有限数，此处为${seen(found)}`,
    boxWithoutArea: ({ found }) => `其 bbox ${found} 没有面积`,
    boxOutside: ({ found, width, height }) =>
      `其 bbox ${found} 位于 ${width} x ${height} 的图像之外`,
    boxCut: ({ found, width, height }) =>
      `其 bbox ${found} 超出 ${width} x ${height} 的图像；已裁剪到图像之内`,
    boxMeasured: ({ found }) => `其 bbox ${found} 不是四个有限数；改用 segmentation 的边界框`,
    boxDiffers: ({ found, expected }) =>
      `其 bbox ${found} 与 segmentation 不符，改用后者的边界框 ${expected}；原框保留为 given_bbox`,
    boxTurned: ({ found, degrees }) => `其 bbox ${found} 旋转了 ${degrees} 度；改存为轮廓`,

    crowdUnknown: ({ found }) => `其 iscrowd 为${seen(found)}，既不是 0 也不是 1；按 0 处理`,
    textUnknown: ({ index, found }) => `文字 ${index} 的结构未知（${seen(found)}）；未导入该文字`,
    captionUnknown: ({ found }) => `其 caption 不是字符串，而是${seen(found)}；未导入该描述`,
  },
);

function polygonClause(problem: PolygonProblem): string {
  return `polygon ${problem.index} ${polygonProblemText(problem)}`;
}

function polygonProblemText(problem: PolygonProblem): string {
  switch (problem.kind) {
    case 'not-a-list':
      return `is not a list of numbers but ${problem.found}`;
    case 'not-finite':
      return `has the value ${problem.found}, which is not a finite number`;
    case 'too-short':
      return problem.count === 4
        ? 'has 4 numbers, which readers interpret as a box; a polygon needs at least 6'
        : `has ${problem.count} numbers; a polygon needs at least 6`;
    case 'odd':
      return `has an odd count of numbers (${problem.count})`;
  }
}

/** A value of the file, quoted in a sentence. */
const seen = (found: string): string => (found === 'nothing' ? '空' : ` ${found}`);

function chinesePolygonClause(problem: PolygonProblem): string {
  return `多边形 ${problem.index} ${chinesePolygonProblemText(problem)}`;
}

function chinesePolygonProblemText(problem: PolygonProblem): string {
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

/** A failure of a COCO file as a whole. */
export const cocoFailure = failuresOf(cocoSentences);

/** A problem of a row; its message is a clause. */
export const rowProblem = problemsOf(cocoSentences);
