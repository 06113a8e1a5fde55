import type { Texts } from '../en.ts';

const letters = { chosen: 'A', other: 'B' };

/** 比较两个模型时的文字。 */
export const compareModelsTexts: Texts['compareModels'] = {
  title: '与另一个模型比较',
  help: '每个提示先问当前模型（A），再问此模型（B）。两个答案都会显示，由您采用其中一个。按 Esc 结束比较。',
  model: '模型 B',
  none: '没有安装其他能分割区域的模型。',
  server: (address) => `照片会发送到 ${address}。`,
  submit: '比较',
  loading: '正在加载模型…',
  label: '两个模型的答案',
  letter: (seat) => letters[seat],
  by: (model) => `模型 ${model}`,
  outlines: '轮廓',
  both: '两者',
  outlinesOf: (seat) => `模型 ${letters[seat]} 的轮廓`,
  take: (seat) => `采用 ${letters[seat]}`,
  noPrompt: '等待提示：点、框、涂抹或文字',
  noAnswer: '没有答案',
  masks: (count) => `${count} 个掩码`,
  time: (ms) => (ms < 1000 ? `${Math.round(ms)} 毫秒` : `${(ms / 1000).toFixed(1)} 秒`),
  timeHint: '模型回答此提示的时间。两个模型依次回答。模型 B 在一张图像上的第一次时间包括准备图像。',
};
