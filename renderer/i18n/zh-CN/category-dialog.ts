import type { Texts } from '../en.ts';

/** 类别对话框中关于嵌套和必填值的文字。 */
export const categoryDialogTexts: Texts['categoryDialog'] = {
  nestHelp: '将一个类别拖到另一个上，即归入其下；拖到两个之间，即移到那里。也可用 Alt + 方向键。',
  topLevel: '顶层类别',
  required: '必填',
  requiredOf: (attribute) => `${attribute} 填写后图像才能标记为已完成`,
  startsAs: '默认值',
  noStart: '无默认值',
  startsAsOf: (attribute) => `${attribute} 的默认值`,
  missing: (category, attribute) =>
    `一个“${category}”区域缺少必填的“${attribute}”。它已被选中：请填写后再标记为已完成。`,
};
