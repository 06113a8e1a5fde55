import type { StepTexts } from './step-labels.ts';

const splits = { train: '训练集', validation: '验证集', test: '测试集', none: '未划分' } as const;

const chineseNumber = new Intl.NumberFormat('zh-CN');
const number = (value: number): string => chineseNumber.format(value);

/** Chinese labels of the journal steps. */
export const chineseSteps: StepTexts = {
  importFiles: ({ name }) => `导入 ${name}`,
  annotate: ({ kind, words }) =>
    ({ words: `用“${words}”标注`, boxes: '用框标注', everything: '标注所有目标' })[kind],
  mergeHandout: ({ name }) => `合并 ${name}`,
  handOut: () => '分发',
  rescue: () => '抢救',

  accept: ({ name }) => (name.trim() ? `接受“${name.trim()}”` : '接受一个候选'),
  draw: ({ name }) => (name.trim() ? `绘制“${name.trim()}”` : '绘制一个区域'),
  remove: ({ count }) => (count === 1 ? '删除一个区域' : `删除 ${number(count)} 个区域`),
  move: ({ count }) => (count === 1 ? '移动一个区域' : `移动 ${number(count)} 个区域`),
  reshape: () => '修改轮廓',
  keypoints: ({ count }) => (count === 0 ? '删除关键点' : `设置 ${count} 个关键点`),
  orderCategory: ({ name }) => `移动类别“${name}”`,
  simplify: ({ count }) => `简化为 ${number(count)} 个顶点`,
  refineEdge: () => '使边缘贴合图像',
  addToRegion: () => '添加到区域',
  cutOut: () => '从区域中剪去',
  paint: () => '涂画',
  erase: () => '擦除',
  combine: ({ operation }) =>
    ({ union: '合并区域', subtract: '区域相减', intersect: '区域相交', exclude: '排除重叠部分' })[
      operation
    ],
  splitRegion: () => '拆分区域',
  fillHoles: () => '填充孔洞',
  convert: ({ to }) => (to === 'mask' ? '转换为掩码' : '转换为多边形'),
  paste: () => '粘贴',
  duplicate: () => '原地复制',
  repeat: () => '重复区域',
  propagate: ({ images }) => `复制到 ${number(images)} 张图像`,
  order: ({ move }) =>
    ({ front: '移到最前', forward: '前移一层', backward: '后移一层', back: '移到最后' })[move],
  category: ({ name }) => (name.trim() ? `归类为“${name.trim()}”` : '清除类别'),
  useProposal: ({ use }) =>
    ({ union: '将候选并入区域', subtract: '从区域中减去候选', replace: '用候选替换区域' })[use],
  attribute: ({ name }) => `设置 ${name}`,
  addCategories: ({ count }) => `添加 ${number(count)} 个类别`,
  addCategory: ({ name }) => `添加类别“${name}”`,
  changeCategory: ({ name }) => `更改类别“${name}”`,
  mergeCategory: ({ name, into }) => `将类别“${name}”合并到“${into}”`,
  removeCategory: ({ name }) => `删除类别“${name}”`,
  judge: ({ verdict }) =>
    ({
      accept: '判定文字正确',
      fix: '判定文字需修改',
      reject: '判定文字错误',
      none: '收回判定',
    })[verdict],
  settle: ({ verdict }) => ({ accept: '裁定：正确', reject: '裁定：错误' })[verdict],
  split: ({ split }) => `图像归入：${splits[split]}`,
  splitImages: ({ split, images }) => `${number(images)} 张图像归入：${splits[split]}`,
  stateOfImages: ({ state, images }) =>
    `${chineseSteps.state({ state })}：${number(images)} 张图像`,
  judgeRegions: ({ verdict, regions }) =>
    `${verdict === 'accept' ? '接受' : '移除'}模型的 ${number(regions)} 个区域`,
  settlePhotos: ({ choice, images }) =>
    ({
      keep: `采用 ${number(images)} 张已改变的照片`,
      scale: `把 ${number(images)} 张图像的区域缩放到已改变的照片`,
      'set-aside': `从项目移除 ${number(images)} 张照片已改变的图像`,
    })[choice],
  takeOver: ({ name }) => `采用 ${name} 的差异`,
  takeOutImages: ({ images }) => `从项目移除 ${number(images)} 张图像`,
  draftItems: () => '由区域生成条目草稿',
  addText: () => '添加文字',
  editText: () => '编辑文字',
  removeText: () => '删除文字',
  state: ({ state }) =>
    ({
      untouched: '标记为未完成',
      'to-check': '标记为待检查',
      'reviewed-empty': '标记此图无目标',
      done: '标记为已完成',
    })[state],
};
