import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said of settings that cannot be used. */
export const settingsSentences = sentenceSet(
  {
    settingsUnusable: ({ aside, reason }: { aside: string; reason: string }) =>
      `The settings could not be used and were set back; their file is kept as ${aside}. ${reason}`,
  },
  {
    settingsUnusable: ({ aside, reason }) =>
      `设置无法使用，已恢复默认；原文件保留为 ${aside}。\n英文详情：${reason}`,
  },
);

export const settingsFailure = failuresOf(settingsSentences);
