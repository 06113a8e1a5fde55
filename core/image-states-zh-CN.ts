import type { ImageState } from './records.ts';

/** The states of images, in Simplified Chinese. */
export const chineseStates: Readonly<Record<ImageState, string>> = {
  untouched: '未完成',
  'to-check': '待检查',
  'reviewed-empty': '无目标',
  done: '已完成',
};
