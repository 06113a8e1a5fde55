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
  stack: 'takes a value that is not there, or leaves one over',
  mark: 'ends a list that was not begun',
  list: 'adds to something that is no list',
  dictionary: 'adds to something that is no dictionary',
  key: 'has a dictionary whose key is a list or a dictionary',
  memo: 'recalls a value that was not kept',
  number: 'has a number that is none',
  text: 'has a text that is none',
  end: 'ends early',
  protocol: 'is of a protocol above 5',
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

/** What is said of RefCOCO and its pickles alone. Clauses, but for the first three. */
export const refcocoSentences = sentenceSet(
  {
    refcocoNone: ({ name }: { name: string }) =>
      `Expected a RefCOCO dataset, instances.json beside refs(unc).p or grefs(unc).json, but ${name} has no such refs file. ` +
      'Choose the folder that holds both.',
    refcocoWithoutInstances: ({ file }: { file: string }) =>
      `${file} names regions by numbers only, and there is no instances.json beside it that says which they are. ` +
      'Put the instances.json of the dataset into the same folder.',
    refcocoSplitByMissing: ({ asked, found }: { asked: string; found: readonly string[] }) =>
      `There are no refs split by "${asked}" in the folder; there are ${found.join(', ')}. Choose one of these.`,
    refcocoRefsUnreadable: ({ reason }: { reason: string }) =>
      `Expected a list of refs, but the file cannot be read: ${reason}. Take the file as it was published.`,
    refcocoPickleRefused: ({ instruction, at }: { instruction: string; at: number }) =>
      `the pickle has the instruction ${instruction} at byte ${at}, which can run code; only plain data is read`,
    refcocoPickleUnknown: ({ found, at }: { found: number; at: number }) =>
      `the pickle has the unknown instruction ${found} at byte ${at}`,
    refcocoPickleBroken: ({ what, at }: { what: PickleFault; at: number }) =>
      `the pickle ${faultsInEnglish[what]} (byte ${at})`,
    refcocoNoList: ({ found }: Found) => `its top is ${found}, not a list`,
    refcocoOtherSplits: ({ file, others }: { file: string; others: readonly string[] }) =>
      `only ${file} is read; ${others.join(', ')} split the same images otherwise, and can be chosen by option`,
    refcocoTargetMissing: ({ found }: Found) =>
      `no annotation of instances.json has the id ${found}, so nobody can know what its expressions are about`,
    refcocoTargetShared: ({ found }: Found) =>
      `several annotations of instances.json have the id ${found}, so nobody can know which its expressions are about`,
    refcocoTargetElsewhere: ({ found }: Found) =>
      `the annotation ${found} belongs to another image than its expressions`,
    refcocoSplitsDiffer: ({ splits }: { splits: readonly string[] }) =>
      `its expressions are in several splits (${splits.join(', ')}), and an image is in one here; it gets none`,
    refcocoWithoutRegion: () => 'it has neither a segmentation nor a bbox',
    refcocoUnreferred: ({ count }: { count: number }) =>
      `${count} annotations that no expression refers to are left out, as chosen`,
    refcocoUnsplit: () =>
      'it is in no split, which readers do not know; its expressions are written as "train"',
    refcocoImageTexts: ({ count }: { count: number }) =>
      `${count} of its texts are about the whole image and have no place in this kind of RefCOCO`,
    refcocoRounded: () =>
      'its outline with holes cut open covers slightly other pixels than before',
    refcocoEmptyText: () => 'one of its referring expressions is empty',
  },
  {
    refcocoNone: ({ name }) =>
      `应为 RefCOCO 数据集，即 instances.json 与 refs(unc).p 或 grefs(unc).json，但 ${name} 中没有 refs 文件。请选择同时含有两者的文件夹。`,
    refcocoWithoutInstances: ({ file }) =>
      `${file} 只用编号指区域，旁边没有 instances.json 说明编号的含义。请把数据集的 instances.json 放入同一文件夹。`,
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
      `instances.json 中没有 id 为 ${found} 的标注，无法知道其表达式指什么`,
    refcocoTargetShared: ({ found }) =>
      `instances.json 中有多个标注的 id 为 ${found}，无法判断其表达式指哪一个`,
    refcocoTargetElsewhere: ({ found }) => `标注 ${found} 属于另一图像，与其表达式不符`,
    refcocoSplitsDiffer: ({ splits }) =>
      `其表达式属于多个划分（${splits.join('、')}），而此处一个图像只属于一个划分；不设划分`,
    refcocoWithoutRegion: () => '它既没有 segmentation，也没有 bbox',
    refcocoUnreferred: ({ count }) => `按选择，没有表达式指代的 ${count} 个标注未导入`,
    refcocoUnsplit: () => '它不属于任何划分，而读取程序不认识这种情况；其表达式写为 "train"',
    refcocoImageTexts: ({ count }) =>
      `其中 ${count} 条文字是关于整个图像的，在这种 RefCOCO 中没有位置`,
    refcocoRounded: () => '切开孔洞后的轮廓覆盖的像素略有不同',
    refcocoEmptyText: () => '其中一个指代表达式为空',
  },
);

const refcocoFailure = failuresOf(refcocoSentences);

/** What is wrong or doubtful with a RefCOCO dataset. */
export function refcocoProblem<Name extends keyof typeof refcocoSentences.english>(
  name: Name,
  parts: PartsIn<typeof refcocoSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return refcocoFailure(code, name, parts);
}
