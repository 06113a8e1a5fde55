import { problemsOf } from '../errors.ts';
import { sentenceSet } from '../sentence-set.ts';

interface Found {
  readonly found: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface SharedClass extends Found {
  /** How the dataset refers to its classes. */
  readonly key: 'number' | 'value' | 'color' | 'label';
  readonly names: readonly string[];
}

const chineseKeys = { number: '编号', value: '值', color: '颜色', label: '标签' } as const;

/**
 * Sentences of several formats about regions that are not read or not stored unchanged. Clauses,
 * because the place is named before them.
 */
export const regionSentences = sentenceSet(
  {
    regionFileUnreadable: ({ reason }: { reason: string }) => `it cannot be read: ${reason}`,
    regionRowWrong: ({ key, expected, found }: Found & { key: string; expected: string }) =>
      `its ${key} must be ${expected}, found ${found}`,
    regionTypeUnknown: ({ found }: Found) => `its type ${found} is unknown; it is left out`,
    regionWithoutArea: ({ type }: { type: string }) =>
      `a ${type} has no area; it is not shown, but kept for exports of this format`,
    regionPointsWrong: ({ type, expected, found }: Found & { type: string; expected: string }) =>
      `a ${type} needs ${expected}, found ${found}`,
    regionRounded: ({ type, corners }: { type: string; corners: number }) =>
      `a ${type} becomes an outline of ${corners} corners`,
    regionTurned: ({ degrees }: { degrees: number }) =>
      `its box is rotated by ${degrees} degrees; it becomes an outline`,
    regionMaskUnreadable: ({ reason }: { reason: string }) => `its mask cannot be read: ${reason}`,
    regionMaskSize: ({ mask, expected }: { mask: Size; expected: Size }) =>
      `its mask has ${mask.width} x ${mask.height} pixels where ${expected.width} x ${expected.height} are expected`,
    regionImageSizeMissing: () => 'the file has no size for its image; the region cannot be placed',
    regionCategoryMissing: ({ found }: Found) =>
      `no category of the file has the id ${found}; it is kept without a category`,
    regionImageMissing: ({ found }: Found) => `no image of the file has the id ${found}`,
    regionClassShared: ({ key, found, names }: SharedClass) =>
      `several classes have the ${key} ${found}: ${names.map((name) => `"${name}"`).join(' and ')}; it cannot be told which of them is meant`,
    regionIdTaken: ({ found }: Found) =>
      `another image of the file has the same id ${found}; references to it are ambiguous`,
    regionSplitUnknown: ({ found }: Found) => `its split ${found} is unknown; it is left out`,
    regionTextsUnknown: ({ count }: { count: number }) =>
      `${count} of its texts have an unknown structure; they are left out`,
    regionInfosLeft: ({ keys }: { keys: readonly string[] }) =>
      `its information about the whole dataset is left out: ${keys.slice(0, 5).join(', ')}`,

    writtenNameChanged: ({ name, written }: { name: string; written: string }) =>
      `another category has the name "${name}", and the format needs unique names; this one is written as "${written}"`,
    writtenWithoutTree: ({ count }: { count: number }) =>
      `${count} categories have a parent; the format has no category tree, and the parents are left out`,
    writtenWithoutCategory: () => 'it has no category',
    writtenEmpty: () =>
      'it covers no pixel of its image, or it is a polyline or an image tag, which the format does not have',
    writtenAsMask: () =>
      'it has holes or several parts, which outlines of this format do not have; it is written as a mask',
    writtenBoxAsMask: () =>
      'the format does not mix boxes and masks; its box is written as a filled mask',
    writtenTextsLeft: ({ count }: { count: number }) =>
      `${count} of its texts are not stored by this format`,
    writtenAttributesLeft: ({ names }: { names: readonly string[] }) =>
      `its attributes are not stored by this format: ${names.join(', ')}`,
    writtenCrowdLeft: () => 'its crowd mark is not stored by this format',
    writtenUngrouped: ({ group }: { group: number }) =>
      `another region of its category is in the group ${group}, and readers would merge them; it is written without a group`,
    writtenFileNamed: ({ name }: { name: string }) =>
      `another photo has the same name with another extension; its file is named ${name}`,
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
    regionImageSizeMissing: () => '文件没有写明图像大小，无法确定区域的位置',
    regionCategoryMissing: ({ found }) => `文件中没有 id 为 ${found} 的类别；保留为无类别`,
    regionImageMissing: ({ found }) => `文件中没有 id 为 ${found} 的图像`,
    regionClassShared: ({ key, found, names }) =>
      `多个类别使用同一${chineseKeys[key]} ${found}：${names.map((name) => `“${name}”`).join('、')}，无法判断指的是哪一个`,
    regionIdTaken: ({ found }) => `文件中另一个图像已使用 id ${found}，引用不明确`,
    regionSplitUnknown: ({ found }) => `其划分 ${found} 未知；未导入`,
    regionTextsUnknown: ({ count }) => `其中 ${count} 条文字的结构未知；未导入`,
    regionInfosLeft: ({ keys }) => `其中关于整个数据集的信息未保存：${keys.slice(0, 5).join('、')}`,

    writtenNameChanged: ({ name, written }) =>
      `另有类别名为“${name}”，而该格式的类别名称不能重复；此类别写为“${written}”`,
    writtenWithoutTree: ({ count }) => `${count} 个类别有上级；该格式没有类别树，未写出上级`,
    writtenWithoutCategory: () => '它没有类别',
    writtenEmpty: () => '它没有覆盖图像的任何像素，或者是该格式没有的折线或图像标签',
    writtenAsMask: () => '它有孔洞或多个部分，该格式的轮廓无法表示；写为掩码',
    writtenBoxAsMask: () => '该格式不能混用框和掩码；其框写为填满的掩码',
    writtenTextsLeft: ({ count }) => `该格式不保存其中 ${count} 条文字`,
    writtenAttributesLeft: ({ names }) => `该格式不保存其属性：${names.join('、')}`,
    writtenCrowdLeft: () => '该格式不保存其群体标记',
    writtenUngrouped: ({ group }) =>
      `同一类别的另一区域也在第 ${group} 组，读取时会被当作同一个；写为无组`,
    writtenFileNamed: ({ name }) => `另一张照片只有扩展名不同；其文件名为 ${name}`,
  },
);

/** A problem of a region; its message is a clause. */
export const regionProblem = problemsOf(regionSentences);
