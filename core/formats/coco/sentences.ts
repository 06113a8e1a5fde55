import { failuresOf, problemsOf } from '../../errors.ts';
import { sentenceSet } from '../../sentence-set.ts';

export type PolygonProblem = {
  /** Which of the row's polygons it is, from 0. */
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
 * What is said of COCO files: of the rows that are left out or taken over with a doubt, and of
 * what an export leaves out. Clauses, but for the first two, since the row is named before them.
 * Values of the file are given as they stand there, or as `nothing`.
 */
export const cocoSentences = sentenceSet(
  {
    datasetSectionNotList: ({ file, section, found }: NotList) =>
      `${expectedCoco} but in ${file} its section "${section}" is not a list but ` +
      `${found ?? 'something that is not JSON'}. Choose the annotation file of the dataset.`,
    cocoSeveralFiles: ({ files }: { files: readonly string[] }) =>
      files.length === 0
        ? 'There is no COCO file in the folder. Choose the annotation file (.json) itself.'
        : `There are several COCO files in the folder: ${files.join(', ')}. Choose one of them.`,
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
      `another ${kind} has the id ${id} already`,
    rowImageIdShared: ({ id }: { id: Id }) =>
      `several images have the id ${id}, so nobody can know whose annotations these are`,
    rowCategoryNameTaken: ({ name, taken }: { name: string; taken: string }) =>
      `another category of the file is named "${name}", too; this one becomes "${taken}"`,
    rowCategoryMerged: ({ name }: { name: string }) =>
      `another category of the file is named "${name}" under the same supercategory; both become one`,
    rowCategoryCircle: ({ name, parent }: { name: string; parent: string }) =>
      `its supercategory "${parent}" lies under "${name}" itself; it is kept without`,
    rowKeyNotFinite: ({ key }: { key: string }) =>
      `its ${key} holds NaN or Infinity, which is not JSON; the key is left out`,
    rowSplitUnknown: ({ found }: Found) => `its split ${found} is none of ours; it is left out`,
    rowIdZero: () => 'its id is 0, which evaluation takes for "no match"; exports give it another',
    rowIdMissing: () => 'it has no id; it is kept',
    rowIdRepeated: ({ row, id }: { row: number; id: Id }) =>
      `annotation row ${row} has the id ${id} already; both are kept`,

    rowImageSize: ({
      written,
      width,
      height,
    }: Size & { written: { [side in keyof Size]: string } }) =>
      `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk; ` +
      'shapes are kept where they are',
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
    boxInstead: () => 'its segmentation says nothing; its bbox is taken instead',
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
      `its bbox ${found} lies outside its image of ${width} x ${height}`,
    boxCut: ({ found, width, height }: Found & Size) =>
      `its bbox ${found} reaches outside its image of ${width} x ${height}; it is cut`,
    boxMeasured: ({ found }: Found) =>
      `its bbox ${found} is not four finite numbers; it is measured`,
    boxDiffers: ({ found, expected }: Found & { expected: string }) =>
      `its bbox ${found} does not fit its segmentation, whose box ${expected} takes its place; it is kept as given_bbox`,
    boxTurned: ({ found, degrees }: Found & { degrees: number }) =>
      `its bbox ${found} is turned by ${degrees} degrees; it becomes an outline`,

    crowdUnknown: ({ found }: Found) =>
      `its iscrowd is ${found}, neither 0 nor 1; it is taken as 0`,
    textUnknown: ({ index, found }: Found & { index: number }) =>
      `text ${index} is not one of ours (${found}); it is left out`,
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
    rowIdTaken: ({ kind, id }) => `另一个${kind === 'image' ? '图像' : '类别'}已使用 id ${id}`,
    rowImageIdShared: ({ id }) => `多个图像使用同一 id ${id}，无法判断标注属于哪一个`,
    rowCategoryNameTaken: ({ name, taken }) =>
      `文件中另有类别名为“${name}”；此类别改名为“${taken}”`,
    rowCategoryMerged: ({ name }) => `文件中另有同一上级的类别名为“${name}”；两者合为一个`,
    rowCategoryCircle: ({ name, parent }) => `其上级“${parent}”本身位于“${name}”之下；保留为无上级`,
    rowKeyNotFinite: ({ key }) => `其 ${key} 含有 NaN 或 Infinity，不是 JSON；未导入该键`,
    rowSplitUnknown: ({ found }) => `其 split ${found} 不是本程序的划分；未导入`,
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
    boxInstead: () => '其 segmentation 没有内容；改用其 bbox',
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
    boxMeasured: ({ found }) => `其 bbox ${found} 不是四个有限数；改为重新测量`,
    boxDiffers: ({ found, expected }) =>
      `其 bbox ${found} 与 segmentation 不符，改用后者的边界框 ${expected}；原框保留为 given_bbox`,
    boxTurned: ({ found, degrees }) => `其 bbox ${found} 旋转了 ${degrees} 度；改存为轮廓`,

    crowdUnknown: ({ found }) => `其 iscrowd 为${seen(found)}，既不是 0 也不是 1；按 0 处理`,
    textUnknown: ({ index, found }) =>
      `文本 ${index} 不是本程序的格式（${seen(found)}）；未导入该文本`,
    captionUnknown: ({ found }) => `其 caption 不是字符串，而是${seen(found)}；未导入该描述`,
  },
);

function polygonClause(problem: PolygonProblem): string {
  return `polygon ${problem.index} ${whatIsWrong(problem)}`;
}

function whatIsWrong(problem: PolygonProblem): string {
  switch (problem.kind) {
    case 'not-a-list':
      return `is not a list of numbers but ${problem.found}`;
    case 'not-finite':
      return `holds ${problem.found}, which is not a finite number`;
    case 'too-short':
      return problem.count === 4
        ? 'has 4 numbers, which readers take for a box; a polygon needs at least 6'
        : `has ${problem.count} numbers; a polygon needs at least 6`;
    case 'odd':
      return `has an odd count of numbers (${problem.count})`;
  }
}

/** A value of the file within a sentence. */
const seen = (found: string): string => (found === 'nothing' ? '空' : ` ${found}`);

function chinesePolygonClause(problem: PolygonProblem): string {
  return `多边形 ${problem.index} ${chineseWhatIsWrong(problem)}`;
}

function chineseWhatIsWrong(problem: PolygonProblem): string {
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

/** What is wrong or doubtful with a row; its message is a clause. */
export const rowProblem = problemsOf(cocoSentences);
