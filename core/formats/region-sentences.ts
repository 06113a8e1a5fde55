import { problemsOf } from '../errors.ts';
import { sentenceSet } from '../sentence-set.ts';

interface Found {
  readonly found: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * What several formats say of regions that they cannot read or hold as they are. Clauses, for the
 * place stands before them.
 */
export const regionSentences = sentenceSet(
  {
    regionFileUnreadable: ({ reason }: { reason: string }) => `it cannot be read: ${reason}`,
    regionRowWrong: ({ key, expected, found }: Found & { key: string; expected: string }) =>
      `its ${key} must be ${expected}, found ${found}`,
    regionTypeUnknown: ({ found }: Found) => `its type ${found} is not known; it is left out`,
    regionWithoutArea: ({ type }: { type: string }) =>
      `a ${type} has no area; it is not shown, and kept for exports of this format`,
    regionPointsWrong: ({ type, expected, found }: Found & { type: string; expected: string }) =>
      `a ${type} needs ${expected}, found ${found}`,
    regionRounded: ({ type, corners }: { type: string; corners: number }) =>
      `a ${type} becomes an outline of ${corners} corners`,
    regionTurned: ({ degrees }: { degrees: number }) =>
      `its box is turned by ${degrees} degrees; it becomes an outline`,
    regionMaskUnreadable: ({ reason }: { reason: string }) => `its mask cannot be read: ${reason}`,
    regionMaskSize: ({ mask, expected }: { mask: Size; expected: Size }) =>
      `its mask has ${mask.width} x ${mask.height} pixels where ${expected.width} x ${expected.height} are expected`,
    regionImageSizeMissing: () =>
      'the file does not say how large its image is, so nobody can know where it belongs',
    regionCategoryMissing: ({ found }: Found) =>
      `no category of the file has the id ${found}; it is kept without a category`,
    regionImageMissing: ({ found }: Found) => `no image of the file has the id ${found}`,
    regionIdTaken: ({ kind, found }: Found & { kind: 'image' | 'category' }) =>
      `another ${kind} of the file has the id ${found} already, so nobody can know which is meant`,
    regionSplitUnknown: ({ found }: Found) => `its split ${found} is none of ours; it is left out`,
    regionTextsUnknown: ({ count }: { count: number }) =>
      `${count} of its texts are not ours; they are left out`,
    regionInfosLeft: ({ keys }: { keys: readonly string[] }) =>
      `what it says of the whole dataset is not kept: ${keys.slice(0, 5).join(', ')}`,

    writtenNameChanged: ({ name, written }: { name: string; written: string }) =>
      `another category is named "${name}", too, and the format tells them apart by their names; this one becomes "${written}"`,
    writtenWithoutTree: ({ count }: { count: number }) =>
      `${count} categories lie under others; the format has no tree of categories, so it is left out`,
    writtenWithoutCategory: () => 'it has no category',
    writtenEmpty: () =>
      'it covers no pixel of its image (as lines and tags of images do not), which the format needs',
    writtenAsMask: () =>
      'it has holes or several parts, which an outline of this format cannot have; its pixels are written as a mask',
    writtenBoxAsMask: () =>
      'the format has no boxes beside masks; its box is written as a filled mask',
    writtenTextsLeft: ({ count }: { count: number }) =>
      `${count} of its texts have no place in this format`,
    writtenAttributesLeft: ({ names }: { names: readonly string[] }) =>
      `its attributes have no place in this format: ${names.join(', ')}`,
    writtenCrowdLeft: () => 'that it is a crowd has no place in this format',
    writtenUngrouped: ({ group }: { group: number }) =>
      `another region of its category is in the group ${group}, which a reader would take for one; it is written without`,
    writtenFileNamed: ({ name }: { name: string }) =>
      `another photo has the same name but for its ending; its file is named ${name}`,
  },
  {
    regionFileUnreadable: ({ reason }) => `无法读取：${reason}`,
    regionRowWrong: ({ key, expected, found }) => `其 ${key} 应为 ${expected}，此处为 ${found}`,
    regionTypeUnknown: ({ found }) => `其类型 ${found} 未知；未导入`,
    regionWithoutArea: ({ type }) => `${type} 没有面积；不显示，但会保留到同一格式的导出中`,
    regionPointsWrong: ({ type, expected, found }) => `${type} 需要 ${expected}，此处为 ${found}`,
    regionRounded: ({ type, corners }) => `${type} 改存为 ${corners} 个顶点的轮廓`,
    regionTurned: ({ degrees }) => `其框旋转了 ${degrees} 度；改存为轮廓`,
    regionMaskUnreadable: ({ reason }) => `无法读取其掩码：${reason}`,
    regionMaskSize: ({ mask, expected }) =>
      `其掩码为 ${mask.width} x ${mask.height} 像素，应为 ${expected.width} x ${expected.height}`,
    regionImageSizeMissing: () => '文件没有写明图像大小，无法知道它在何处',
    regionCategoryMissing: ({ found }) => `文件中没有 id 为 ${found} 的类别；保留为无类别`,
    regionImageMissing: ({ found }) => `文件中没有 id 为 ${found} 的图像`,
    regionIdTaken: ({ kind, found }) =>
      `文件中另一个${kind === 'image' ? '图像' : '类别'}已使用 id ${found}，无法判断指的是哪一个`,
    regionSplitUnknown: ({ found }) => `其划分 ${found} 不是本程序的划分；未导入`,
    regionTextsUnknown: ({ count }) => `其中 ${count} 条文字不是本程序的；未导入`,
    regionInfosLeft: ({ keys }) => `其中关于整个数据集的信息未保存：${keys.slice(0, 5).join('、')}`,

    writtenNameChanged: ({ name, written }) =>
      `另有类别名为“${name}”，而该格式只按名称区分；此类别写为“${written}”`,
    writtenWithoutTree: ({ count }) =>
      `${count} 个类别位于其他类别之下；该格式没有类别树，未写入上下级关系`,
    writtenWithoutCategory: () => '它没有类别',
    writtenEmpty: () => '它没有覆盖图像的任何像素（折线和图像标签也不覆盖），而格式需要',
    writtenAsMask: () => '它有孔洞或多个部分，该格式的轮廓无法表示；其像素写为掩码',
    writtenBoxAsMask: () => '该格式在掩码之外没有框；其框写为填满的掩码',
    writtenTextsLeft: ({ count }) => `其中 ${count} 条文字在该格式中没有位置`,
    writtenAttributesLeft: ({ names }) => `其属性在该格式中没有位置：${names.join('、')}`,
    writtenCrowdLeft: () => '它是群体这一点在该格式中没有位置',
    writtenUngrouped: ({ group }) =>
      `同一类别的另一区域也在第 ${group} 组，读取时会被当作同一个；写为无组`,
    writtenFileNamed: ({ name }) => `另一张照片只有扩展名不同；其文件名为 ${name}`,
  },
);

/** What is wrong or doubtful with a region; its message is a clause. */
export const regionProblem = problemsOf(regionSentences);
