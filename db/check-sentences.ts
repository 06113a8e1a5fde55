import { failuresOf } from '../core/errors.ts';
import type { RecordKind } from '../core/records.ts';
import { sentenceSet } from '../core/sentence-set.ts';

const chineseRecordKinds = {
  image: '图像',
  annotation: '标注',
  category: '类别',
  item: '条目',
  review: '审核',
} as const;

/** The record or step that a finding of the check names. */
interface Subject {
  readonly id: string;
}

/** Findings of the check of a project file. */
export const checkSentences = sentenceSet(
  {
    checkDamage: ({ reason }: { reason: string }) => reason,
    checkReference: ({ table, row, parent }: { table: string; row: number; parent: string }) =>
      `${table} ${row} refers to a missing ${parent}.`,
    checkAnnotationCount: ({ id }: Subject) => `Image ${id} has a wrong annotation count.`,
    checkImageCounts: ({ id }: Subject) =>
      `Image ${id} has a wrong count of items, or of annotations with outlines.`,
    checkCategoryCount: ({ id }: Subject) =>
      id === ''
        ? 'The stored count of annotations without a category is wrong.'
        : `The stored count of annotations of category ${id} is wrong.`,
    checkAreaCount: ({ id }: Subject) =>
      `The stored count of annotations with an area of 2 to the power of ${id} is wrong.`,
    checkStateChanges: ({ id }: Subject) =>
      `Step ${id} of the journal has wrong counts of changed image states.`,
    checkBox: ({ id }: Subject) => `Annotation ${id} has a wrong box in the spatial index.`,
    checkBoxAlone: ({ id }: Subject) => `Box ${id} of the spatial index has no annotation.`,
    checkMaskSize: ({ id }: Subject) =>
      `The mask of annotation ${id} differs in size from its image and is left out of exports.`,
    checkImageWords: ({ id }: Subject) => `The text index has wrong words for image ${id}.`,
    checkItemWords: ({ id }: Subject) => `The text index has wrong words for item ${id}.`,
    checkItemSegments: ({ id }: Subject) =>
      `The index of regions by item differs from the segments of item ${id}.`,
    checkStepOrder: ({ id }: Subject) =>
      `Step ${id} of the journal is done although an earlier one is undone.`,
    checkJournal: ({ kind, id }: Subject & { kind: RecordKind }) =>
      `The current ${kind} ${id} differs from the result of the journal.`,
    checkRecordMissing: ({ id }: Subject) =>
      `Record ${id} of the journal is missing from the tables.`,
  },
  {
    checkDamage: ({ reason }) => `项目文件有损坏。\n英文详情：${reason}`,
    checkReference: ({ table, row, parent }) => `${table} 表第 ${row} 行引用了不存在的 ${parent}。`,
    checkAnnotationCount: ({ id }) => `图像 ${id} 的标注数不对。`,
    checkImageCounts: ({ id }) => `图像 ${id} 的条目数或带轮廓标注数不对。`,
    checkCategoryCount: ({ id }) =>
      id === '' ? '保存的无类别标注数不对。' : `保存的类别 ${id} 的标注数不对。`,
    checkAreaCount: ({ id }) => `保存的面积为 2 的 ${id} 次方的标注数不对。`,
    checkStateChanges: ({ id }) => `历史中的第 ${id} 步所记的图像状态变化不对。`,
    checkBox: ({ id }) => `空间索引中标注 ${id} 的框不对。`,
    checkBoxAlone: ({ id }) => `空间索引中的框 ${id} 没有对应的标注。`,
    checkMaskSize: ({ id }) => `标注 ${id} 的掩码与其图像大小不同，不会导出。`,
    checkImageWords: ({ id }) => `文本索引中图像 ${id} 的文字不对。`,
    checkItemWords: ({ id }) => `文本索引中条目 ${id} 的文字不对。`,
    checkItemSegments: ({ id }) => `按区域排列的条目索引与条目 ${id} 的区域不符。`,
    checkStepOrder: ({ id }) => `历史中的第 ${id} 步已执行，但之前有一步已被撤销。`,
    checkJournal: ({ kind, id }) => `按历史重做得不到当前的${chineseRecordKinds[kind]} ${id}。`,
    checkRecordMissing: ({ id }) => `历史中的记录 ${id} 不在数据表中。`,
  },
);

export const checkFailure = failuresOf(checkSentences);

export type CheckSentences = typeof checkSentences.english;
export type CheckSentence = keyof CheckSentences;
