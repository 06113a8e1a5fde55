import type { Texts } from '../en.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('zh-CN');

/** 检查模型所得区域的对话框中的文字。 */
export const checkRegionsTexts: Texts['checkRegions'] = {
  title: '检查模型的区域',
  help: '尚未检查的模型区域。一张图像的区域全部接受后即为完成。每一步都可以撤销。',
  waiting: (total) => `${number(total)} 个区域待检查`,
  empty: '没有待检查的区域。“标注所有图像…”可以让模型提出区域。',
  order: '顺序',
  orders: { best: '分数最高的在前', worst: '分数最低的在前' },
  atLeast: '最低分数',
  acceptAbove: (total) => `接受 ${number(total)} 个区域`,
  accept: '接受',
  acceptAs: (name, score) => `接受为 ${name}，${score}`,
  remove: '移除',
  show: '显示图像',
  shown: (first, last, total) =>
    `第 ${number(first)} 至 ${number(last)} 个，共 ${number(total)} 个`,
  previous: '上一页',
  next: '下一页',
  working: '检查区域',
};
