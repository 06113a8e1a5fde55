import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures of the settings file. */
export const settingsSentences = sentenceSet(
  {
    settingsUnusable: ({ aside, reason }: { aside: string; reason: string }) =>
      `The settings file is not valid; the defaults are used, and the file is kept as ${aside}. ${reason}`,
  },
  {
    settingsUnusable: ({ aside, reason }) =>
      `设置文件无效，已恢复默认；原文件保留为 ${aside}。\n英文详情：${reason}`,
  },
);

export const settingsFailure = failuresOf(settingsSentences);
