import type { ErrorCode } from '../../core/errors.ts';

/** Headline and advice for failures without their own sentence. */
export const chineseHeadlines: Readonly<Record<ErrorCode, string>> = {
  'invalid-input': '输入无效，因此没有执行。请改正后重试。',
  'not-found': '找不到所需的内容。它可能已被移动或删除。',
  'already-exists': '同名内容已存在，没有被覆盖。请换一个名称。',
  conflict: '内容在此期间被更改，因此没有执行。请查看当前内容后重试。',
  cancelled: '已取消。',
  unsupported: '这里无法完成此操作。',
  'image-unreadable': '图像无法读取。请在看图程序中打开并重新保存。',
  'image-too-large': '图像过大，无法打开。请把它切成小块。',
  'prompt-outside-image': '提示位于图像之外。请把它放在图像之内。',
  'checkpoint-invalid': '检查点无法使用。请检查它的文件，或重新获取。',
  'package-invalid': '模型包无法使用。请重新安装。',
  'model-not-loaded': '没有加载模型。请选择一个模型后重试。',
  'engine-lost': '推理进程已停止。请再试一次。',
  'backend-lost': '应用的后台进程已停止。已保存的工作都在。',
  'project-not-open': '没有打开的项目。请先打开或新建项目。',
  'project-displaced': '项目文件已不在原处。',
  'project-locked': '项目已在别处打开。请先在那里关闭。',
  'database-from-future': '项目由更新版本的程序写成。请更新程序。',
  'database-corrupt': '项目文件已损坏，未作改动。请打开备份。',
  'disk-full': '磁盘已满。请腾出一些空间后重试。',
  'permission-denied': '没有所需的权限。请更改权限，或换一个位置。',
  'dataset-invalid': '数据集文件无法读取。请重新复制或导出。',
  'export-proof-failed': '导出的文件未通过核对，已移除。请再次导出；如再次出现请报告。',
  internal: '发生了意外的错误。请重试；如再次出现请报告以下内容。',
};
