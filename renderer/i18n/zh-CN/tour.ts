import type { Texts } from '../en.ts';

/** 示例项目导览中的文字。 */
export const tourTexts: Texts['tour'] = {
  title: '导览',
  offer: '初次使用？导览只需两分钟：在示例照片上走四步，从单击到导出。',
  begin: '开始导览',
  skip: '跳过导览',
  finish: '完成',
  position: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
  steps: {
    point: {
      title: '指向一个目标',
      help: '选择点工具（Q），单击照片中的一个目标。模型会给出候选掩码；继续单击可细化，右键单击表示不属于它。',
    },
    keep: {
      title: '接受掩码',
      help: '在照片下方的一行中输入类别，例如“飞机”，再按 Enter 接受。Esc 拒绝掩码。',
    },
    done: {
      title: '标记完成',
      help: 'Ctrl+Enter 将图像标记为已完成。之后按 D 到下一张，按 A 返回上一张。',
    },
    export: {
      title: '导出数据集',
      help: '单击上方的“导出数据集”，选择文件并导出。文件会被读回，并与项目比对。',
    },
    end: {
      title: '已导出',
      help: '流程是：指向、接受、标记完成、导出。F1 显示所有快捷键，Ctrl+K 查找所有命令，包括本导览。',
    },
  },
};
