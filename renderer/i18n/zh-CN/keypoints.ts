import type { Texts } from '../en.ts';

/** 关于关键点及其骨架的文字。 */
export const keypointTexts: Texts['keypoints'] = {
  title: '关键点',
  none: (category) =>
    category === null
      ? '关键点需要一个列有关键点的类别。尚未选择类别。'
      : `类别“${category}”没有列出关键点。`,
  give: '列出关键点…',
  count: (labelled, all) => `关键点：已设置 ${labelled} / ${all}`,
  visibilities: { 0: '未设置', 1: '被遮挡', 2: '可见' },
  remove: '删除关键点',
  names: '关键点，每行一个',
  edges: '关键点之间的连线，写为成对的编号',
  edgesHelp: '例如 1-2, 2-3。编号即上面各行的序号，从 1 开始。',
  edgeWrong: (found) => `应为两个关键点的编号，例如 1-2，实为“${found}”。`,
  person: '使用 COCO 的 17 个人体关键点',
};
