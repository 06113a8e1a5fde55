import { problemsOf } from '../../errors.ts';
import { sentenceSet, type Translation } from '../../sentence-set.ts';

/** Sentences about Open Images datasets; clauses, because the row is named before them. */

const english = {
  openColumnsMissing: ({ columns }: { columns: readonly string[] }) =>
    `it lacks the columns ${columns.join(', ')}; it is skipped`,
  openBoxUnreadable: ({ found }: { found: string }) =>
    `its box must be four fractions of width and height, found ${found}`,
  openBoxWithoutArea: ({ found }: { found: string }) => `its box ${found} has no area`,
  openLabelUnnamed: ({ label }: { label: string }) =>
    `the class descriptions do not list ${label}; it keeps this name`,
  openNameTwice: ({ name, label }: { name: string; label: string }) =>
    `several labels have the name "${name}"; ${label} and the others are merged into one category`,
  openImageLabels: ({ count }: { count: number }) =>
    `it has ${count} image-level labels, which are not regions; they are left out`,
  openMaskMissing: ({ mask }: { mask: string }) =>
    `the mask ${mask} is not in the dataset; its box is used`,
  openMaskShared: ({ mask, count }: { mask: string; count: number }) =>
    `${count} rows have the mask ${mask}; its pixels cannot be assigned, so the box is used`,
  openMaskUnreadable: ({ mask, reason }: { mask: string; reason: string }) =>
    `the mask ${mask} cannot be read (${reason}); its box is used`,
  openMaskEmpty: ({ mask }: { mask: string }) =>
    `the mask ${mask} covers no pixel; its box is used`,
  openMaskSize: ({ mask, found, expected }: { mask: string; found: string; expected: string }) =>
    `the mask ${mask} has ${found} pixels, but others of its image have ${expected}; its box is used`,

  openAttributesLeft: ({ names }: { names: readonly string[] }) =>
    `its attributes are not stored by the format: ${names.join(', ')}`,
  openOutlineBecomesMask: () => 'its outline is written as pixels',
  openRegionBecomesBox: () => 'only its box is written',
  openBoxCut: () => 'its box exceeds its image; it is clipped',
  openWithoutSplit: () => 'it has no split; it is written as a training image',
  openStateLeft: () => 'the format has no mark for empty images; only the image is listed',
};

const chinese: Translation<typeof english> = {
  openColumnsMissing: ({ columns }) => `它缺少列 ${columns.join('、')}；已跳过`,
  openBoxUnreadable: ({ found }) => `其边界框应为四个宽高比例，此处为 ${found}`,
  openBoxWithoutArea: ({ found }) => `其边界框 ${found} 没有面积`,
  openLabelUnnamed: ({ label }) => `类别说明中没有 ${label} 的名称；沿用此名`,
  openNameTwice: ({ name, label }) => `有多个标签名为“${name}”；${label} 与其他标签归入同一类别`,
  openImageLabels: ({ count }) => `它有 ${count} 个整图标签，不是区域；未导入`,
  openMaskMissing: ({ mask }) => `数据集中没有掩码 ${mask}；改用其边界框`,
  openMaskShared: ({ mask, count }) =>
    `有 ${count} 行使用掩码 ${mask}，无法判断像素属于哪一个；改用其边界框`,
  openMaskUnreadable: ({ mask, reason }) => `掩码 ${mask} 无法读取（${reason}）；改用其边界框`,
  openMaskEmpty: ({ mask }) => `掩码 ${mask} 没有覆盖任何像素；改用其边界框`,
  openMaskSize: ({ mask, found, expected }) =>
    `掩码 ${mask} 为 ${found} 像素，而该图像的其他掩码为 ${expected}；改用其边界框`,

  openAttributesLeft: ({ names }) => `该格式不保存其属性 ${names.join('、')}`,
  openOutlineBecomesMask: () => '其轮廓写成像素',
  openRegionBecomesBox: () => '只写出其边界框',
  openBoxCut: () => '其边界框超出图像；已裁剪',
  openWithoutSplit: () => '它没有划分；写为训练图像',
  openStateLeft: () => '该格式没有“无目标”标记；只列出该图像',
};

export const openImagesSentences = sentenceSet(english, chinese);

/** A problem of a row, or a loss of an export; its message is a clause. */
export const openProblem = problemsOf(openImagesSentences);
