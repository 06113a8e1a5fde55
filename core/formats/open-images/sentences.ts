import { problemsOf } from '../../errors.ts';
import { sentenceSet, type Translation } from '../../sentence-set.ts';

/** What is said of Open Images datasets. Clauses, since the row is named before them. */

const english = {
  openColumnsMissing: ({ columns }: { columns: readonly string[] }) =>
    `it lacks the columns ${columns.join(', ')}; it is passed over`,
  openBoxUnreadable: ({ found }: { found: string }) =>
    `its box must be four fractions of width and height, found ${found}`,
  openBoxWithoutArea: ({ found }: { found: string }) => `its box ${found} has no area`,
  openLabelUnnamed: ({ label }: { label: string }) =>
    `the class descriptions do not name ${label}; it keeps this name`,
  openNameTwice: ({ name, label }: { name: string; label: string }) =>
    `several labels are named "${name}"; ${label} and the others become one category`,
  openImageLabels: ({ count }: { count: number }) =>
    `it has ${count} labels of whole images, which are no regions; they are left out`,
  openMaskMissing: ({ mask }: { mask: string }) =>
    `the mask ${mask} is not in the dataset; its box is taken`,
  openMaskUnreadable: ({ mask, reason }: { mask: string; reason: string }) =>
    `the mask ${mask} cannot be read (${reason}); its box is taken`,
  openMaskEmpty: ({ mask }: { mask: string }) =>
    `the mask ${mask} covers no pixel; its box is taken`,
  openMaskSize: ({ mask, found, expected }: { mask: string; found: string; expected: string }) =>
    `the mask ${mask} has ${found} pixels, but others of its image have ${expected}; its box is taken`,

  openAttributesLeft: ({ names }: { names: readonly string[] }) =>
    `the format has no place for its attributes ${names.join(', ')}`,
  openOutlineBecomesMask: () => 'its outline is written as pixels',
  openRegionBecomesBox: () => 'only its box is written',
  openBoxCut: () => 'its box reaches outside its image; what lies inside is written',
  openWithoutSplit: () => 'it is in no split; it is written among the images for training',
  openStateLeft: () => 'the format cannot say that nothing is there; only the image is listed',
};

const chinese: Translation<typeof english> = {
  openColumnsMissing: ({ columns }) => `它缺少列 ${columns.join('、')}；已跳过`,
  openBoxUnreadable: ({ found }) => `其边界框应为四个宽高比例，此处为 ${found}`,
  openBoxWithoutArea: ({ found }) => `其边界框 ${found} 没有面积`,
  openLabelUnnamed: ({ label }) => `类别说明中没有 ${label} 的名称；沿用此名`,
  openNameTwice: ({ name, label }) => `有多个标签名为“${name}”；${label} 与其他标签归入同一类别`,
  openImageLabels: ({ count }) => `它有 ${count} 个整图标签，不是区域；未导入`,
  openMaskMissing: ({ mask }) => `数据集中没有掩码 ${mask}；改用其边界框`,
  openMaskUnreadable: ({ mask, reason }) => `掩码 ${mask} 无法读取（${reason}）；改用其边界框`,
  openMaskEmpty: ({ mask }) => `掩码 ${mask} 没有覆盖任何像素；改用其边界框`,
  openMaskSize: ({ mask, found, expected }) =>
    `掩码 ${mask} 为 ${found} 像素，而该图像的其他掩码为 ${expected}；改用其边界框`,

  openAttributesLeft: ({ names }) => `该格式不保存其属性 ${names.join('、')}`,
  openOutlineBecomesMask: () => '其轮廓写成像素',
  openRegionBecomesBox: () => '只写出其边界框',
  openBoxCut: () => '其边界框超出图像；只写出图像之内的部分',
  openWithoutSplit: () => '它不属于任何划分；写入训练图像之中',
  openStateLeft: () => '该格式不能表示“无目标”；只列出该图像',
};

export const openImagesSentences = sentenceSet(english, chinese);

/** What is wrong or doubtful with a row, or what an export changes; its message is a clause. */
export const openProblem = problemsOf(openImagesSentences);
