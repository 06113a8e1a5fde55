import { problemsOf } from '../../errors.ts';
import { sentenceSet } from '../../sentence-set.ts';

/** Sentences about tables; clauses. */
export const tableSentences = sentenceSet(
  {
    tableImageEmpty: () => 'it has no annotations; a table has one row per annotation',
    tableOutlinesLeft: ({ count }: { count: number }) =>
      `outlines and masks of ${count} regions are left out, as chosen; boxes and areas are written`,
    tableLinesLeft: ({ count }: { count: number }) =>
      `the vertices of ${count} polylines are left out; a table has their boxes only`,
    tableBoxEmpty: () => 'its box is empty; the export proof skips it',
    tableUnreadable: ({ reason }: { reason: string }) => `the table cannot be read: ${reason}`,
  },
  {
    tableImageEmpty: () => '它没有标注；表格中每个标注一行',
    tableOutlinesLeft: ({ count }) => `按选择，${count} 个区域的轮廓和掩码未写出；只写出框和面积`,
    tableLinesLeft: ({ count }) => `${count} 条折线的顶点未写出；表格只有它们的框`,
    tableBoxEmpty: () => '其框为空；导出验证跳过它',
    tableUnreadable: ({ reason }) => `无法读取该表格：${reason}`,
  },
);

/** A loss or problem of a table; its message is a clause. */
export const tableProblem = problemsOf(tableSentences);
