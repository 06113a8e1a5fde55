import type { Texts } from '../en.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('zh-CN');

/** 把项目与数据集相比较的对话框中的文字。 */
export const compareDatasetsTexts: Texts['compareDatasets'] = {
  title: '与数据集比较',
  path: '标注文件，或数据集的文件夹、zip 压缩包',
  minimumIou: '视为同一对象的两个区域的最小 IoU',
  help: '图像按文件名匹配，否则按内容匹配。同一图像的区域按 IoU 匹配，从最好的一对开始。比较不会更改任何内容。',
  submit: '比较',
  working: '与数据集比较',
  images: (both) => `两边都有 ${number(both)} 张图像。`,
  onlyProject: (total) => `${number(total)} 张图像只在项目中。`,
  onlyDataset: (total) => `${number(total)} 张图像只在数据集中。`,
  kinds: {
    same: '相同',
    added: '新增',
    removed: '缺少',
    moved: '移动',
    relabelled: '类别不同',
    texts: '文字',
  },
  takeHelp: {
    added: '添加只有数据集才有的区域及其文字，其图像变为待检查。',
    removed: '删除数据集中没有的区域。',
    moved: '区域采用数据集的轮廓和关键点。',
    relabelled: '区域采用数据集的类别和轮廓。',
    texts: '为两边都有的图像和区域添加只有数据集才有的文字。',
  },
  meanIou: '平均 IoU',
  kappa: '类别的 Cohen’s kappa',
  ious: '匹配区域的 IoU',
  confusion: '类别不同',
  inProject: '项目中',
  inDataset: '数据集中',
  leftOut: (total) => `未比较：${number(total)} 行`,
  take: '从数据集采用',
  submitTake: '采用',
  taken: '已作为一步采用，可以撤销。下面是仍然不同之处。',
  again: '比较另一个',
};
