import { failuresOf, problemsOf } from '../errors.ts';
import { chineseStates } from '../image-states-zh-CN.ts';
import type { ImageState } from '../records.ts';
import { sentenceSet } from '../sentence-set.ts';

interface Found {
  /** A value as it stands in the file. */
  readonly found: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface MalformedJson extends Found {
  readonly character: number;
  /** Empty at the top level. */
  readonly section: string;
}

interface ExportDifference {
  readonly missing: number;
  readonly extra: number;
  readonly minimumIou: number;
  /** The first difference in English; null if the counts are complete. */
  readonly first: string | null;
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

/**
 * Sentences about datasets of any format. Sentences about rows and about losses of an export are
 * clauses, because the row is named before them.
 */
export const datasetSentences = sentenceSet(
  {
    datasetCutOff: ({ characters, section }: { characters: number; section: string }) =>
      `The JSON file ends after ${characters} characters${section && ` in the section "${section}"`}, ` +
      'before its last bracket; it is truncated. Copy or export it again.',
    datasetNotUtf8: ({ file }: { file: string }) =>
      `${file} is encoded neither in UTF-8 nor in UTF-16. Save it as UTF-8.`,
    datasetNotJson: ({ found, character, section }: MalformedJson) =>
      `The file is not valid JSON: unexpected "${found}" at character ` +
      `${character}${section && ` in or after the section "${section}"`}. Copy or export it again.`,
    datasetNotObject: ({ found }: Found) => {
      const kinds: Record<string, string> = { '[': 'a list', '"': 'a string', '': 'an empty file' };
      return (
        'Expected a JSON object with sections such as "images" and "annotations" at the top level, found ' +
        `${kinds[found] ?? `"${found}"`}. Choose the annotation file of the dataset.`
      );
    },
    datasetFileTooLarge: ({ file, bytes, maximumBytes }: FileSize) =>
      `${file} has ${megabytes(bytes)} MB; the maximum for such a file is ${megabytes(maximumBytes)} MB. ` +
      'Split it, or remove it from the dataset.',
    datasetTooManyFiles: ({ folder, maximum }: { folder: string; maximum: number }) =>
      `${folder} and its subfolders have more than ${maximum} files. Put the dataset into a separate folder and import that.`,
    datasetPathOutside: ({ path }: { path: string }) =>
      `"${path}" leads outside the dataset and is not read or written. Correct the path.`,
    zipInvalid: ({ file, reason }: { file: string; reason: string }) =>
      `${file} cannot be read as a zip archive: ${reason}. Nothing was imported. Unpack it and import the folder, or pack it again.`,
    zipWithoutFile: ({ file, path }: { file: string; path: string }) =>
      `The archive ${file} has no file "${path}". Choose another dataset.`,
    zipTooLarge: ({ file, bytes, free }: { file: string; bytes: number; free: number }) =>
      `The photos of ${file} need ${megabytes(bytes)} MB, but the disk of the project has ${megabytes(free)} MB free. Nothing was unpacked. ` +
      'Free some space, or unpack the archive elsewhere and import that folder.',
    datasetFormatUnknown: ({ path, formats }: { path: string; formats: readonly string[] }) =>
      `The format of ${path} is not recognised; known formats: ${formats.join(', ')}. Choose the format, or choose another path.`,
    datasetFormatUnsure: ({ path, formats }: { path: string; formats: readonly string[] }) =>
      `The format of ${path} is ambiguous: ${formats.join(' or ')}. Choose the format.`,
    datasetFormatNotKnown: ({ format, formats }: { format: string; formats: readonly string[] }) =>
      `The format "${format}" is unknown; known formats: ${formats.join(', ')}. Choose one of these.`,
    datasetFormatNotRead: ({ title }: { title: string }) =>
      `${title} can be exported, but not imported. Choose another format.`,
    datasetFormatNotWritten: ({ title }: { title: string }) =>
      `${title} can be imported, but not exported. Choose another format.`,
    datasetOptionWrong: ({ option, title, reason }: WrongOption) =>
      `The option "${option}" of ${title} is invalid: ${reason}. Correct it.`,

    exportDiffers: ({ missing, extra, minimumIou, first }: ExportDifference) =>
      `The export proof failed: the exported file differs from the project (${missing} objects missing, ` +
      `${extra} too many, minimum IoU ${minimumIou}). The file was removed. ` +
      'Export again without editing meanwhile; report this if it happens twice.' +
      (first === null ? '' : ` First: ${first}`),
    exportUnreadable: ({ reason }: { reason: string }) =>
      `The export proof failed: the exported file cannot be read: ${reason} The file was removed. Export again; report this if it happens twice.`,
    exportPathTaken: ({ path }: { path: string }) =>
      `Two files of the export have the same name "${path}". Nothing was written. Rename one of the images.`,
    exportFolderChanged: ({ path }: { path: string }) =>
      `${path} holds an earlier export of this project, but files were added or removed since. Move them away, choose another ` +
      'folder, or allow replacing the whole folder (--overwrite).',
    exportFolderForeign: ({ path }: { path: string }) =>
      `The folder ${path} has other files. Nothing was written. Choose an empty or a new folder.`,

    rowImageUnknown: ({ found }: Found) => `no image of the project has the file name ${found}`,
    rowImageAmbiguous: ({ found, paths }: Found & { paths: readonly string[] }) =>
      `the file name ${found} fits ${paths.length} images of the project: ${paths.slice(0, 5).join(', ')}`,
    rowImageAlike: ({ found, path }: Found & { path: string }) =>
      `no image of the project has exactly the file name ${found}; ${path} is used`,
    rowImageScaled: ({ written, width, height }: Size & { written: Size }) =>
      `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk; ` +
      'shapes are scaled to the size on disk',
    rowImageOther: ({ written, width, height }: Size & { written: Size }) =>
      `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk, with another ` +
      'aspect ratio; the shapes cannot be placed',
    rowImageNearly: ({ written, width, height }: Size & { written: Size }) =>
      `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk; the coordinates of shapes ` +
      'are kept',
    rowImageSizeless: ({ found }: Found) =>
      `its size in the file is ${found}, which is invalid; the size on disk is used`,
    rowImageKeyShared: ({ found }: Found) =>
      `several images of the dataset have the name ${found}; the annotations cannot be assigned`,
    rowImageRepeated: ({ found }: Found) =>
      `the dataset lists the image ${found} twice; this row is ignored`,
    rowImageNotListed: ({ found }: Found) => `the dataset lists no image ${found}`,
    rowImageLeftOut: ({ found, reason }: Found & { reason: string }) =>
      `its image ${found} was left out: ${reason}`,
    rowItemRegionLeftOut: ({ tag }: { tag: string }) =>
      `its region "${tag}" was left out; see the note on that region`,
    rowItemRegionShared: ({ tag }: { tag: string }) =>
      `several regions of its image may be its region "${tag}"`,
    rowReviewedEmptyWithRegions: () =>
      'it is marked as empty but has regions; its state becomes "to check"',

    rowNameBroken: ({ name }: { name: string }) =>
      `its name has a broken surrogate pair (half a character); it is kept as "${name}"`,
    rowNameEmpty: () => 'its name is empty',
    rowColorUnknown: ({ found }: Found) =>
      `its colour ${found} is not #rrggbb; another colour is chosen`,
    rowCategoryDescribed: ({ name, parts }: { name: string; parts: readonly string[] }) =>
      `"${name}" is described in several ways; where they differ, nothing is taken over: ${parts.join(', ')}`,
    rowKeypointsUnknown: ({ name }: { name: string }) =>
      `the dataset describes the keypoints of "${name}" in several ways; they are left out`,
    rowParentTaken: ({ name, taken }: { name: string; taken: string }) =>
      `another category of the dataset has the name "${name}"; this one is renamed to "${taken}"`,
    rowParentCircle: ({ name, parent }: { name: string; parent: string }) =>
      `its parent "${parent}" is a descendant of "${name}"; it is kept without a parent`,
    rowSkeletonOther: ({ name }: { name: string }) =>
      `the category "${name}" of the project has other keypoints, which are kept; keypoints of the dataset may get other names`,
    rowNoCategory: () => 'it has no category; it is kept without a category',

    rowPartLeftOut: ({ part, problem, count }: BadRing) =>
      `${ringClause({ part, problem, count })}; it is left out`,
    rowPartsUnusable: (ring: BadRing) => ringClause(ring),
    rowLineUnusable: ({ found }: { found: string }) =>
      `its line must be 2 or more pairs of finite numbers, found ${found}`,
    rowShapeEmpty: () => 'its shape covers no pixel of its image',
    rowMaskSize: ({ mask, image }: { mask: Size; image: Size }) =>
      `its mask has ${mask.width} x ${mask.height} pixels but its image has ${image.width} x ${image.height}`,
    rowMaskUnit: () => 'its mask is not in pixels',
    rowBoxNotFinite: ({ found }: Found) => `its box must be four finite numbers, found ${found}`,
    rowBoxEmpty: ({ found }: Found) => `its box ${found} has no area`,
    rowBoxOutside: ({ found, width, height }: Found & Size) =>
      `its box ${found} is outside its image of ${width} x ${height}`,
    rowBoxCut: ({ found, width, height }: Found & Size) =>
      `its box ${found} exceeds its image of ${width} x ${height}; it is clipped`,
    rowsMore: ({ count, sample }: { count: number; sample: string }) =>
      `${count} more for a similar reason: ${sample}`,
    rowAttributeUnknown: ({ name, found }: Found & { name: string }) =>
      `its attribute "${name}" is ${found}, but must be a text, a number or a boolean; it is left out`,
    rowOrderUnknown: ({ found }: Found) =>
      `its drawing order ${found} is not an integer; the order of the file is used`,

    exportImageState: ({ state }: { state: ImageState }) => `its state is ${state}`,
    exportUnlabelled: () => 'it has no regions and is not marked as empty',
    exportUncategorised: () => 'none of its regions has a category',
    exportNothingHeld: () => 'the format stores none of its regions',
    exportIdsChanged: ({
      of,
      count,
    }: {
      of: 'images' | 'categories' | 'annotations';
      count: number;
    }) =>
      `${count} of its ${of} have another id than in their file: another one has that id, or it is 0, which evaluation takes for no match`,
    exportItemsLeft: ({ count }: { count: number }) =>
      `${count} of its texts refer to several regions or have region tags, which the format does not store`,
    exportKeypointsLeft: ({ count }: { count: number }) =>
      `${count} of its regions have keypoints, which are left out: the format stores none, or the category defines another number of them`,
    exportDraftsLeft: ({ count }: { count: number }) =>
      `${count} drafts of texts are left out because nobody has accepted them`,
    exportImageLeftOut: () => 'its image is not exported',
    exportWithoutCategory: () => 'it has no category',
    exportEmpty: () => 'it covers no pixel of its image',
    exportTag: () => 'it is an image tag, which the format does not have',
    exportPolyline: () => 'it is a polyline, which the format does not have',
  },
  {
    datasetCutOff: ({ characters, section }) =>
      `JSON 文件在第 ${characters} 个字符之后${section && `（在“${section}”部分中）`}就结束了，最后的括号还未出现；它被截断了。请重新复制或导出。`,
    datasetNotUtf8: ({ file }) =>
      `${file} 不是 UTF-8（也不是 UTF-16）编码，无法读取其文字。请另存为 UTF-8。`,
    datasetNotJson: ({ found, character, section }) =>
      `该文件不是有效的 JSON：第 ${character} 个字符处${section && `（在“${section}”部分之中或之后）`}出现意外的“${found}”。请重新复制或导出。`,
    datasetNotObject: ({ found }) => {
      const kinds: Record<string, string> = {
        '[': '一个列表',
        '"': '一个字符串',
        '': '一个空文件',
      };
      return `顶层应是含有 "images"、"annotations" 等部分的 JSON 对象，实为${kinds[found] ?? `“${found}”`}。请选择数据集的标注文件。`;
    },
    datasetFileTooLarge: ({ file, bytes, maximumBytes }) =>
      `${file} 有 ${megabytes(bytes)} MB；这类文件需整个读入，最多 ${megabytes(maximumBytes)} MB。请拆分它，或把它移出数据集。`,
    datasetTooManyFiles: ({ folder, maximum }) =>
      `${folder} 及其子文件夹中的文件超过 ${maximum} 个。请把数据集放入单独的文件夹后导入该文件夹。`,
    datasetPathOutside: ({ path }) => `“${path}”指向数据集之外，不会在那里读写文件。请改正该路径。`,
    zipInvalid: ({ file, reason }) =>
      `无法作为 zip 压缩包读取 ${file}：${reason}。没有导入任何内容。请解压后导入文件夹，或重新打包。`,
    zipWithoutFile: ({ file, path }) => `压缩包 ${file} 中没有文件“${path}”。请选择其他数据集。`,
    zipTooLarge: ({ file, bytes, free }) =>
      `${file} 中的照片需要 ${megabytes(bytes)} MB，项目旁边只剩 ${megabytes(free)} MB。没有解压任何内容。请腾出空间，或在别处解压后导入该文件夹。`,
    datasetFormatUnknown: ({ path, formats }) =>
      `无法识别 ${path} 的格式；已知的格式有 ${formats.join('、')}。请指定格式，或选择其他路径。`,
    datasetFormatUnsure: ({ path, formats }) =>
      `${path} 的格式不明确：${formats.join(' 或 ')}。请指定格式。`,
    datasetFormatNotKnown: ({ format, formats }) =>
      `未知的格式“${format}”；已知的格式有 ${formats.join('、')}。请选择其中之一。`,
    datasetFormatNotRead: ({ title }) => `${title} 只能导出，不能导入。请选择其他格式。`,
    datasetFormatNotWritten: ({ title }) => `${title} 只能导入，不能导出。请选择其他格式。`,
    datasetOptionWrong: ({ option, title, reason }) =>
      `${title} 的选项“${option}”无效：${reason}。请改正。`,

    exportDiffers: ({ missing, extra, minimumIou, first }) =>
      `导出验证失败：导出的文件与项目不同（缺少 ${missing} 个对象，多出 ${extra} 个，最低 IoU ${minimumIou}）。该文件已移除。请在不编辑时再次导出；如再次出现请报告。${first === null ? '' : `首个问题：${first}`}`,
    exportUnreadable: ({ reason }) =>
      `导出验证失败：无法读取导出的文件：${reason} 文件已移除。请再次导出；如再次出现请报告。`,
    exportPathTaken: ({ path }) =>
      `导出中有两个文件的名称都是“${path}”。没有写入任何内容。请重命名其中一张图像。`,
    exportFolderChanged: ({ path }) =>
      `${path} 中是此项目以前的导出，但之后有文件增减。请移走这些文件、选择其他文件夹，或允许替换整个文件夹（--overwrite）。`,
    exportFolderForeign: ({ path }) =>
      `${path} 文件夹中有其他文件。没有写入任何内容。请选择空文件夹或新文件夹。`,

    rowImageUnknown: ({ found }) => `项目中没有文件名为 ${found} 的图像`,
    rowImageAmbiguous: ({ found, paths }) =>
      `文件名 ${found} 可能指项目中的 ${paths.length} 张图像：${paths.slice(0, 5).join('、')}`,
    rowImageAlike: ({ found, path }) => `项目中没有文件名正好为 ${found} 的图像；使用 ${path}`,
    rowImageScaled: ({ written, width, height }) =>
      `文件中其尺寸为 ${written.width} x ${written.height}，磁盘上为 ${width} x ${height}；形状按磁盘上的尺寸缩放`,
    rowImageOther: ({ written, width, height }) =>
      `文件中其尺寸为 ${written.width} x ${written.height}，磁盘上为 ${width} x ${height}，宽高比不同；无法确定形状的位置`,
    rowImageNearly: ({ written, width, height }) =>
      `文件中其尺寸为 ${written.width} x ${written.height}，磁盘上为 ${width} x ${height}；形状的位置不变`,
    rowImageSizeless: ({ found }) => `文件中其尺寸为 ${found}，不是有效尺寸；采用磁盘上的尺寸`,
    rowImageKeyShared: ({ found }) => `数据集中有多个图像名为 ${found}，无法判断标注属于哪一个`,
    rowImageRepeated: ({ found }) => `数据集重复列出图像 ${found}；忽略此行`,
    rowImageNotListed: ({ found }) => `数据集中没有图像 ${found}`,
    rowImageLeftOut: ({ found }) => `其图像 ${found} 未导入，原因见该图像`,
    rowItemRegionLeftOut: ({ tag }) => `其区域“${tag}”未导入，原因见该区域`,
    rowItemRegionShared: ({ tag }) => `其图像中有多个区域可能是其区域“${tag}”`,
    rowReviewedEmptyWithRegions: () => '它标记为无目标但有区域；状态改为“待检查”',

    rowNameBroken: ({ name }) => `其名称含有半个字符（残缺的代理对）；保留为“${name}”`,
    rowNameEmpty: () => '其名称为空',
    rowColorUnknown: ({ found }) => `其颜色 ${found} 不是 #rrggbb；另选颜色`,
    rowCategoryDescribed: ({ name, parts }) =>
      `“${name}”有多种不同的说明；不同之处均未采用：${parts.join('、')}`,
    rowKeypointsUnknown: ({ name }) => `数据集对“${name}”的关键点有多种说明；未导入关键点`,
    rowParentTaken: ({ name, taken }) => `数据集中另有类别名为“${name}”；此类别改名为“${taken}”`,
    rowParentCircle: ({ name, parent }) => `其上级“${parent}”是“${name}”的下级；保留为无上级`,
    rowSkeletonOther: ({ name }) =>
      `项目中类别“${name}”的关键点定义不同，予以保留；数据集的关键点可能对应其他名称`,
    rowNoCategory: () => '它没有类别；保留为无类别',

    rowPartLeftOut: (ring) => `${chineseRingClause(ring)}；未导入该部分`,
    rowPartsUnusable: (ring) => chineseRingClause(ring),
    rowLineUnusable: ({ found }) => `其折线应为两对或更多有限的数，实为 ${found}`,
    rowShapeEmpty: () => '其形状没有覆盖图像的任何像素',
    rowMaskSize: ({ mask, image }) =>
      `其掩码为 ${mask.width} x ${mask.height} 像素，而图像为 ${image.width} x ${image.height}`,
    rowMaskUnit: () => '其掩码不是以像素为单位',
    rowBoxNotFinite: ({ found }) => `其框应为四个有限数，此处为 ${found}`,
    rowBoxEmpty: ({ found }) => `其框 ${found} 没有面积`,
    rowBoxOutside: ({ found, width, height }) =>
      `其框 ${found} 位于 ${width} x ${height} 的图像之外`,
    rowBoxCut: ({ found, width, height }) =>
      `其框 ${found} 超出 ${width} x ${height} 的图像；已裁剪到图像之内`,
    rowsMore: ({ count, sample }) => `另有 ${count} 处出于类似原因：${sample}`,
    rowAttributeUnknown: ({ name, found }) =>
      `其属性“${name}”为 ${found}，既不是文字、数字，也不是“是”或“否”；未导入该属性`,
    rowOrderUnknown: ({ found }) => `其绘制顺序 ${found} 不是整数；采用文件中的顺序`,

    exportImageState: ({ state }) => `它的状态为“${chineseStates[state]}”`,
    exportUnlabelled: () => '它没有区域，也没有人标记为无目标',
    exportUncategorised: () => '它的区域都没有类别',
    exportNothingHeld: () => '此格式无法保存它的任何区域',
    exportIdsChanged: ({ of, count }) =>
      `其中 ${count} 个${{ images: '图像', categories: '类别', annotations: '标注' }[of]}的编号与其文件中的不同：该编号已被占用，或者为 0（评估会把它当作未匹配）`,
    exportItemsLeft: ({ count }) =>
      `其中 ${count} 条文字涉及多个区域或含有区域标记，此格式无法保存`,
    exportKeypointsLeft: ({ count }) =>
      `其中 ${count} 个区域的关键点未写出：此格式不保存关键点，或其类别定义的关键点数量不同`,
    exportDraftsLeft: ({ count }) => `有 ${count} 条文字草稿尚无人接受，未写出`,
    exportImageLeftOut: () => '它的图像未导出',
    exportWithoutCategory: () => '它没有类别',
    exportEmpty: () => '它没有覆盖图像的任何像素',
    exportTag: () => '它是图像标签，该格式不支持图像标签',
    exportPolyline: () => '它是折线，该格式不支持折线',
  },
);

interface FileSize {
  readonly file: string;
  readonly bytes: number;
  readonly maximumBytes: number;
}

interface WrongOption {
  readonly option: string;
  readonly title: string;
  readonly reason: string;
}

/** An invalid ring of an outline. */
interface BadRing {
  /** Index of the part of the shape, from 0. */
  readonly part: number;
  readonly problem: 'too-short' | 'odd' | 'not-finite' | 'empty';
  /** Count of its numbers. */
  readonly count: number;
}

function ringClause({ part, problem, count }: BadRing): string {
  switch (problem) {
    case 'too-short':
      return `part ${part} has ${count} numbers; a polygon needs at least 6`;
    case 'odd':
      return `part ${part} has an odd count of numbers (${count})`;
    case 'not-finite':
      return `part ${part} has a value that is not a finite number`;
    case 'empty':
      return 'it has no outline';
  }
}

function chineseRingClause({ part, problem, count }: BadRing): string {
  switch (problem) {
    case 'too-short':
      return `第 ${part} 部分有 ${count} 个数；多边形至少需要 6 个数`;
    case 'odd':
      return `第 ${part} 部分的数字个数为奇数（${count}）`;
    case 'not-finite':
      return `第 ${part} 部分含有不是有限数的值`;
    case 'empty':
      return '它没有轮廓';
  }
}

/** A failure of a dataset of any format. */
export const datasetFailure = failuresOf(datasetSentences);

/** A problem of a row, or the reason for a loss of an export; its message is a clause. */
export const datasetProblem = problemsOf(datasetSentences);
