import type { AttributeKind } from '../../../core/authoring/description-hints.ts';
import type { AuthorTexts } from '../en/author.ts';
import { formatsOf } from '../formats.ts';

const { number, list } = formatsOf('zh-CN');

const attributeNames: Readonly<Record<AttributeKind, string>> = {
  colour: '颜色',
  material: '材质',
  shape: '形状或大小',
  position: '位置',
  action: '动作',
};

/** The texts of the author view, in Simplified Chinese. */
export const authorTexts: AuthorTexts = {
  title: '编写条目',
  noImage: '请先添加照片。条目描述照片及其区域。',
  noRegions: '这张图像还没有区域。请在“标注”视图中绘制，或描述整张图像。',
  annotate: '前往标注',
  wholeImage: '整张图像',
  queue: (written, regions) => `队列：已写 ${number(written)} / ${number(regions)} 个区域`,
  queueDrafts: (drafts) => `${number(drafts)} 份草稿待读`,
  queueNext: '下一张待写的图像',
  queueDone: '全部写完。',
  isDraft: '仅由区域生成的草稿。请改正后保留；在此之前不会被审核、评分或导出。',
  written: (part, all) => `已写 ${number(part)} / ${number(all)} 个区域`,
  items: (all) => `此图像有 ${number(all)} 个条目`,
  inProject: (all) => `项目中共 ${number(all)} 个`,
  previous: '上一个区域',
  next: '下一个区域',
  itemNumber: (place) => `条目 ${number(place)}`,
  newItem: '新条目',
  unkept: '尚未保存',
  keep: '保存并继续',
  revert: '撤销这些修改',
  remove: '删除此条目',
  description: '描述',
  descriptionPlaceholder: '一只卷毛的棕色小狗趴在…',
  words: (count) => `${number(count)} 个词`,
  draft: '让模型起草',
  draftStop: '停止',
  drafting: '模型正在书写…',
  draftOfModel: '这是模型的草稿。请改正错误后保存。',
  question: '问题',
  questionPlaceholder: '它是什么材质的？',
  choices: '选项',
  choice: (place) => `选项 ${number(place)}`,
  isAnswer: (place) => `选项 ${number(place)} 是答案`,
  addChoice: '添加选项',
  removeChoice: (place) => `删除选项 ${number(place)}`,
  shuffle: '打乱顺序',
  shuffledWith: (seed) => `已用种子 ${seed} 打乱`,
  offered: '建议的干扰项',
  offeredHelp: '请先标记答案，这里随后给出相近的选项。',
  sources: { neighbour: '相邻', category: '图中类别', colour: '相近颜色', model: '来自模型' },
  askModel: '让模型给出选项',
  asking: '模型正在回答…',
  refersQuestion: '问题（其中的标签是提示）',
  refersQuestionPlaceholder: '哪个杯子离 @ … 更近？',
  refersAnswer: '答案（其中的标签是目标）',
  refersAnswerPlaceholder: '是 @ …',
  noTarget: '图中没有目标',
  noTargetAnswer: '没有目标。',
  tagged: '此条目的区域',
  noTagged: '还没有。单击图中的区域，或输入 @。',
  prompt: '提示',
  target: '目标',
  unused: '未在文字中出现',
  removeTag: (tag) => `从条目中去掉 [${tag}]`,
  putTag: (tag) => `插入 [${tag}]`,
  mention: '可插入的区域',
  findings: '检查',
  noFindings: '没有问题。',
  positions: '答案所在的位置',
  positionsEven: '答案的位置均衡。',
  positionsBiased: (place) =>
    `太多答案在第 ${number(place)} 个位置：总选这个位置的模型也能得高分。请打乱后面的条目。`,
  positionsFew: '条目太少，无法判断。',
  place: '答案的位置',
  itemCount: '条目数',
  hinders: '必须修改',
  problems: {
    empty: () => '请先写问题。',
    'no-answer': () => '还没有答案。请标记一个选项，或写出答案。',
    'few-choices': () => '问题至少需要两个选项。',
    'answer-inside-choice': ({ answer, choice }) =>
      `“${choice}”包含答案“${answer}”。评分时会在模型的句子中查找答案，两者都会算对。请改写其中一个。`,
    'choice-twice': ({ choice }) => `“${choice}”出现了两次。请修改其中一个。`,
    'answer-in-question': ({ answer }) => `问题中含有答案“${answer}”。请改写问题。`,
    'tag-without-segment': ({ tag }) =>
      `[${tag}] 不对应任何区域。请删除它，或用 @ 插入某个区域的标签。`,
    'segment-without-tag': ({ tag }) => `文字中没有 [${tag}]。请插入它，或从条目中移除该区域。`,
    'tag-inside-tag': ({ tag, other }) =>
      `[${other}] 以 [${tag}] 开头，而评分按纯文本替换标签。请去掉其中一个再重新插入，它会得到新的名称。`,
    'no-target': () => '答案没有指向任何区域。请插入目标的标签，或选择“图中没有目标”。',
    'small-region': ({ name, patches }) =>
      `${name === '' ? '该区域' : `区域“${name}”`}${patches < 1 ? '不到模型的一个图块' : `只占模型的 ${number(Math.floor(patches))} 个图块`}；少于四个图块时提示不精确。请选择更大的区域。`,
    'names-category': ({ name }) => `文字中含有类别“${name}”。请改写：描述外观或位置。`,
    duplicate: () => '另一个条目有相同的文字。请修改此条目，或删除其中一个。',
    'too-short': ({ words, least }) =>
      `只有 ${number(words)} 个词，偏少。请补充能与其他区域区分的内容；通常不少于 ${number(least)} 个。`,
    'too-long': ({ words, most }) =>
      `有 ${number(words)} 个词，偏多。请只写这个区域；通常不超过 ${number(most)} 个。`,
    'few-attributes': ({ missing }) =>
      `没有提到${list(missing.map((kind) => attributeNames[kind]))}。请补充一项可见的属性。`,
    repeats: ({ words }) => `“${words}”重复。请去掉重复。`,
  },
};
