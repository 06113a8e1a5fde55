import { problemsOf } from '../../errors.ts';
import { sentenceSet } from '../../sentence-set.ts';

/** What is said of tables alone. Clauses. */
export const tableSentences = sentenceSet(
  {
    tableImageEmpty: () => 'it has no annotations, and a table has a row for each annotation only',
    tableOutlinesLeft: ({ count }: { count: number }) =>
      `of ${count} regions only the box and the area are in the table, as chosen`,
    tableBoxEmpty: () => 'its box covers nothing, so the proof passes over it',
    tableUnreadable: ({ reason }: { reason: string }) => `the table cannot be read: ${reason}`,
  },
  {
    tableImageEmpty: () => '它没有标注，而表格只为每个标注设一行',
    tableOutlinesLeft: ({ count }) => `按选择，${count} 个区域在表格中只有框和面积`,
    tableBoxEmpty: () => '其框没有覆盖任何像素，核对时略过',
    tableUnreadable: ({ reason }) => `无法读取该表格：${reason}`,
  },
);

/** What is left out of a table, or wrong with it; its message is a clause. */
export const tableProblem = problemsOf(tableSentences);
