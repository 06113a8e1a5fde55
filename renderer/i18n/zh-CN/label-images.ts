import type { Texts } from '../en.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('zh-CN');
const percent = (share: number) => `${Math.round(share * 100)} %`;

function foundIn(regions: number, labelled: number): string {
  if (labelled === 0) return '没有剩下要标注的图像。';
  return regions === 0
    ? `在 ${number(labelled)} 张图像中没有找到区域。`
    : `在 ${number(labelled)} 张图像中找到 ${number(regions)} 个区域，等待检查。`;
}

/** 让模型标注许多图像的对话框中的文字。 */
export const labelImagesTexts: Texts['labelImages'] = {
  title: '标注所有图像',
  help: '模型在每张图像上提出区域，这些图像变为“待检查”。已有的区域不会改变。撤销一次即可移除整次运行的结果。',
  what: '提示',
  kinds: {
    categories: '类别名称',
    everything: '所有目标，不带名称',
    everyClass: '所有目标，使用模型的类别名称',
    detected: '检测器的框',
  },
  detector: '检测器',
  detectedNames: '只取这些类别，每行一个；留空表示全部类别',
  detectedHelp:
    '检测器给出框和类别名称，当前模型分割每个框中的目标。最低分数用于分割出的区域。此方式没有预览。',
  unknownName: (name, model) => `${model} 没有类别“${name}”。`,
  classes: (names) => `它能检测 ${number(names.length)} 个类别：${names.join('、')}。`,
  names: '类别名称，每行一个',
  noNames: '请至少写一个名称。',
  cannot: '当前模型不接受文字提示。请选择其他模型，或查找所有目标。',
  where: '图像',
  scopes: {
    all: (total) => `全部 ${number(total)} 张图像`,
    filtered: (total) => `列表中的 ${number(total)} 张图像`,
    chosen: (total) => `选中的 ${number(total)} 张图像`,
  },
  includesReviewed: '包括标为已完成或无目标的图像',
  threshold: '区域的最低分数',
  thresholdHelp: (score) =>
    `分数是模型对掩码 IoU 的估计，即掩码与目标重合的程度。分数不低于 ${percent(score)} 的掩码会保留。提高最低分数，区域更少，错误也更少。`,
  confidenceHelp: (score) =>
    `分数是检测器的置信度。模型包建议 ${percent(score)}。提高最低分数，区域更少，错误也更少。`,
  best: '每个目标只用一个名称',
  bestHelp: '多个名称中取分数最高的；检查时会提供其他名称。',
  split: '每个分开的部分各成一个区域',
  splitHelp: '按名称查找时，同类目标会在同一个掩码中。',
  preview: '在三张图像上试一试',
  previewAgain: '再试一次',
  previewing: (done, total) => `正在询问模型：${number(done)} / ${number(total)}`,
  stop: '停止',
  previewEmpty: '预览显示三张图像上的结果。查看时可以调整最低分数。',
  found: (kept, left) =>
    left === 0
      ? `${number(kept)} 个区域`
      : `${number(kept)} 个区域，另有 ${number(left)} 个掩码未采用`,
  noModel: '没有可用的模型。请先在“模型与设备”中加载一个。',
  start: (total) => `标注 ${number(total)} 张图像`,
  ended: (regions, labelled, failed, isComplete) => {
    const isUntouched = !isComplete && labelled === 0;
    return [
      ...(isUntouched ? ['在处理第一张图像之前已取消，没有任何改变。'] : []),
      ...(isComplete || isUntouched ? [] : ['已取消，其余图像没有改变。']),
      ...(isUntouched ? [] : [foundIn(regions, labelled)]),
      ...(failed > 0 ? [`${number(failed)} 张图像失败。`] : []),
    ].join('');
  },
  check: '检查',
  workers: '其他机器',
  useWorkers: '让其他机器上的工作进程回答',
  workersHelp:
    '每台机器运行“pixelsail worker --redis URL”。照片会离开本机发送给它们。服务器密码取自环境变量 PIXELSAIL_REDIS_PASSWORD。',
  redis: 'Redis 服务器',
  noRedis: '请填写 Redis 服务器地址。',
  badRedis: '请将地址写成 redis://主机:端口 或 rediss://主机:端口，不要包含密码。',
  listen: '本机地址，供没有共享文件夹的工作进程使用',
  running: '标注已在进行，进度显示在窗口中。',
};
