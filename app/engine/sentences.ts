import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** Failures of the engine process, which runs the model. */
export const engineSentences = sentenceSet(
  {
    modelNotLoaded: () => 'No model is loaded. Load a model, then send the prompt again.',
    engineRestarting: ({ how }: { how: string }) =>
      `The engine stopped (${how}) and is being restarted. Your work is saved. Send the prompt again.`,
    engineLostBy: ({ what, how }: { what: string; how: string }) =>
      `The engine stopped twice (${how}) on the same prompt: ${what}. Your work is saved and the engine is restarted. ` +
      'Send another prompt, or load another model.',
    engineDied: ({ times, how }: { times: number; how: string }) =>
      `The engine stopped ${times} times in a row (${how}). Load the model again, or choose another device.`,
    engineDiedOfFiles: ({ how }: { how: string }) =>
      `The engine stopped (${how}) while it read the files. No model was added. Export the model again, or get it from ` +
      'another source.',
    engineStopped: () => 'The engine was stopped.',
    arithmeticUnknown: ({ found, expected }: { found: string; expected: string }) =>
      `PIXELSAIL_ARITHMETIC is ${found}; expected one of ${expected}. Change it or remove it.`,
  },
  {
    modelNotLoaded: () => '没有加载模型。请加载一个模型，然后重新发送提示。',
    engineRestarting: ({ how }) =>
      `推理进程已停止（${how}），正在重新启动。您的工作已保存。请重新发送提示。`,
    engineLostBy: ({ what, how }) =>
      `推理进程在同一个提示上停止了两次（${how}）：${what}。您的工作已保存，推理进程正在重新启动。请换一个提示，或加载其他模型。`,
    engineDied: ({ times, how }) =>
      `推理进程连续 ${times} 次退出（${how}）。请重新加载模型，或选择其他设备。`,
    engineDiedOfFiles: ({ how }) =>
      `推理进程在读取文件时停止（${how}）。没有添加模型。请重新导出该模型，或另寻来源获取。`,
    engineStopped: () => '推理进程已停止。',
    arithmeticUnknown: ({ found, expected }) =>
      `PIXELSAIL_ARITHMETIC 的值是 ${found}；应为 ${expected} 之一。请修改或删除它。`,
  },
);

export const engineFailure = failuresOf(engineSentences);
