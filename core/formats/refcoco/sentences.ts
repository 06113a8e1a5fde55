import { failuresOf, type AppError, type ErrorCode } from '../../errors.ts';
import { sentenceSet, type PartsIn } from '../../sentence-set.ts';

type PickleFault =
  | 'stack'
  | 'mark'
  | 'list'
  | 'dictionary'
  | 'key'
  | 'memo'
  | 'number'
  | 'text'
  | 'end'
  | 'protocol';

const faultsInEnglish: Readonly<Record<PickleFault, string>> = {
  stack: 'uses a missing value, or leaves a value unused',
  mark: 'ends a list that was not begun',
  list: 'adds to a value that is not a list',
  dictionary: 'adds to a value that is not a dictionary',
  key: 'has a dictionary whose key is a list or a dictionary',
  memo: 'refers to a value that was not stored',
  number: 'has an invalid number',
  text: 'has an invalid text',
  end: 'ends early',
  protocol: 'has a protocol above 5',
};

const faultsInChinese: Readonly<Record<PickleFault, string>> = {
  stack: '取用不存在的值，或有多余的值',
  mark: '结束了没有开始的列表',
  list: '向不是列表的值添加元素',
  dictionary: '向不是字典的值添加元素',
  key: '字典的键是列表或字典',
  memo: '引用了没有保存的值',
  number: '其中有无效的数',
  text: '其中有无效的文字',
  end: '提前结束',
  protocol: '协议版本高于 5',
};

interface Found {
  readonly found: string;
}

/** Sentences about RefCOCO and its pickles; all but the first four are clauses. */
export const refcocoSentences = sentenceSet(
  {
    refcocoNone: ({ name }: { name: string }) =>
      `Expected a RefCOCO dataset, instances.json beside refs(unc).p or grefs(unc).json, but ${name} has no such refs file. ` +
      'Choose the folder with both files.',
    refcocoWithoutInstances: ({ file }: { file: string }) =>
      `${file} refers to regions by id, and its folder has no instances.json with these ids. ` +
      'Put the instances.json of the dataset into the same folder.',
    refcocoSplitByMissing: ({ asked, found }: { asked: string; found: readonly string[] }) =>
      `The folder has no refs split by "${asked}"; it has ${found.join(', ')}. Choose one of these.`,
    refcocoRefsUnreadable: ({ reason }: { reason: string }) =>
      `Expected a list of refs, but the file cannot be read: ${reason}. Use the published file.`,
    refcocoPickleRefused: ({ instruction, at }: { instruction: string; at: number }) =>
      `the pickle has the instruction ${instruction} at byte ${at}, which can run code; only pickles of plain data are read`,
    refcocoPickleUnknown: ({ found, at }: { found: number; at: number }) =>
      `the pickle has the unknown instruction ${found} at byte ${at}`,
    refcocoPickleBroken: ({ what, at }: { what: PickleFault; at: number }) =>
      `the pickle ${faultsInEnglish[what]} (byte ${at})`,
    refcocoNoList: ({ found }: Found) => `its outermost value is ${found}, not a list`,
    refcocoOtherSplits: ({ file, others }: { file: string; others: readonly string[] }) =>
      `only ${file} is read; ${others.join(', ')} have other splits of the same images and can be chosen by an option`,
    refcocoTargetMissing: ({ found }: Found) =>
      `no annotation of instances.json has the id ${found}; its expressions have no target`,
    refcocoTargetShared: ({ found }: Found) =>
      `several annotations of instances.json have the id ${found}; the target of its expressions is ambiguous`,
    refcocoTargetElsewhere: ({ found }: Found) =>
      `the annotation ${found} belongs to another image than its expressions`,
    refcocoSplitsDiffer: ({ splits }: { splits: readonly string[] }) =>
      `its expressions are in several splits (${splits.join(', ')}), but an image has one split; it gets none`,
    refcocoWithoutRegion: () => 'it has neither a segmentation nor a bbox',
    refcocoUnreferred: ({ count }: { count: number }) =>
      `${count} annotations without an expression are left out, as chosen`,
    refcocoUnsplit: () =>
      'it has no split, but readers need one; its expressions are written as "train"',
    refcocoImageTexts: ({ count }: { count: number }) =>
      `${count} of its texts describe the whole image and are not stored by this variant of RefCOCO`,
    refcocoAnswers: ({ count }: { count: number }) =>
      `${count} of its answers have more words than tags; only the question and its targets are stored`,
    refcocoRounded: () => 'its holes are cut open, which changes a few pixels of its outline',
    refcocoEmptyText: () => 'one of its referring expressions is empty',
  },
  {
    refcocoNone: ({ name }) =>
      `应为 RefCOCO 数据集，即 instances.json 与 refs(unc).p 或 grefs(unc).json，但 ${name} 中没有 refs 文件。请选择同时含有两者的文件夹。`,
    refcocoWithoutInstances: ({ file }) =>
      `${file} 只用 id 引用区域，其文件夹中没有含有这些 id 的 instances.json。请把数据集的 instances.json 放入同一文件夹。`,
    refcocoSplitByMissing: ({ asked, found }) =>
      `文件夹中没有按“${asked}”划分的 refs；有 ${found.join('、')}。请选择其中之一。`,
    refcocoRefsUnreadable: ({ reason }) =>
      `应为 refs 的列表，但无法读取该文件：${reason}。请使用发布的原文件。`,
    refcocoPickleRefused: ({ instruction, at }) =>
      `pickle 在第 ${at} 字节处有指令 ${instruction}，它可能运行代码；只读取纯数据`,
    refcocoPickleUnknown: ({ found, at }) => `pickle 在第 ${at} 字节处有未知指令 ${found}`,
    refcocoPickleBroken: ({ what, at }) => `pickle ${faultsInChinese[what]}（第 ${at} 字节）`,
    refcocoNoList: ({ found }) => `其最外层为 ${found}，而不是列表`,
    refcocoOtherSplits: ({ file, others }) =>
      `只读取 ${file}；${others.join('、')} 对同样的图像另作划分，可用选项选择`,
    refcocoTargetMissing: ({ found }) =>
      `instances.json 中没有 id 为 ${found} 的标注，其表达式没有目标`,
    refcocoTargetShared: ({ found }) =>
      `instances.json 中有多个标注的 id 为 ${found}，其表达式的目标不明确`,
    refcocoTargetElsewhere: ({ found }) => `标注 ${found} 属于另一图像，与其表达式不符`,
    refcocoSplitsDiffer: ({ splits }) =>
      `其表达式属于多个划分（${splits.join('、')}），而此处一个图像只属于一个划分；不设划分`,
    refcocoWithoutRegion: () => '它既没有 segmentation，也没有 bbox',
    refcocoUnreferred: ({ count }) => `按选择，没有表达式的 ${count} 个标注未导入`,
    refcocoUnsplit: () => '它没有划分，而读取程序需要划分；其表达式写为 "train"',
    refcocoImageTexts: ({ count }) => `其中 ${count} 条文字描述整个图像，这种 RefCOCO 不保存`,
    refcocoAnswers: ({ count }) => `其中 ${count} 个答案除标签外还有文字，此格式只保存问题及其目标`,
    refcocoRounded: () => '其孔洞被切开，轮廓有少量像素改变',
    refcocoEmptyText: () => '其中一个指代表达式为空',
  },
);

const refcocoFailure = failuresOf(refcocoSentences);

/** A problem of a RefCOCO dataset. */
export function refcocoProblem<Name extends keyof typeof refcocoSentences.english>(
  name: Name,
  parts: PartsIn<typeof refcocoSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return refcocoFailure(code, name, parts);
}
