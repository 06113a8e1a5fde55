import type { Texts } from '../en.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('zh-CN');
const images = (total: number) => `${number(total)} 张图像`;

/** 区域统计中的文字。 */
export const regionStatisticTexts: Texts['regionStatistics'] = {
  suspects: '值得复查',
  suspectsHelp: '选择一行即可列出其图像。',
  suspect: {
    score: '分数低于 50 % 的掩码',
    size: '比同类别其他区域大得多或小得多的区域',
    duplicate: '同一类别的重复框',
  },
  images,
  together: '同一图像中的类别',
  togetherHelp: (shown) =>
    `最常见的 ${number(shown)} 个类别中，同时含有两者的图像数。选择一格即可列出。`,
  pair: (first, second, total) =>
    first === second ? `${first}：${images(total)}` : `${first} 与 ${second}：${images(total)}`,
  places: '区域的位置',
  placesHelp: '按大小统计每个区域的中心。选择一格即可列出其图像。',
  sizes: { small: '小于 32 × 32 像素', medium: '小于 96 × 96 像素', large: '更大' },
  place: (column, row, total) =>
    `第 ${number(column)} 列第 ${number(row)} 行：${number(total)} 个标注`,
  people: '人员',
  person: '姓名',
  worked: '用时（不含停顿）',
  hours: (milliseconds) => {
    const minutes = Math.round(milliseconds / 60_000);
    return minutes < 60
      ? `${number(minutes)} 分钟`
      : `${number(Math.floor(minutes / 60))} 小时 ${number(minutes % 60)} 分钟`;
  },
  rate: '每小时区域数',
};
