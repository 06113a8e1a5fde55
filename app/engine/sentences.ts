import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** What is said of the process that runs the model. */
export const engineSentences = sentenceSet(
  {
    modelNotLoaded: () => 'No model is loaded. Choose a model, then ask again.',
    engineRestarting: ({ how }: { how: string }) =>
      `The engine stopped (${how}) and is being restarted. Your work is safe; ask again, the next prompt works.`,
    engineLostBy: ({ what, how }: { what: string; how: string }) =>
      `The engine stopped twice (${how}) over the same prompt: ${what}. Your work is safe and the engine is restarted; ask ` +
      'something else, or load another model.',
    engineDied: ({ times, how }: { times: number; how: string }) =>
      `The engine died ${times} times in a row (${how}). Load the model again, perhaps on another device.`,
    engineStopped: () => 'The engine was stopped.',
  },
  {
    modelNotLoaded: () => '没有加载模型。请选择一个模型，然后再次提问。',
    engineRestarting: ({ how }) =>
      `推理进程已停止（${how}），正在重新启动。您的工作是安全的；请再问一次，下一个提示即可使用。`,
    engineLostBy: ({ what, how }) =>
      `推理进程在同一个提示上停止了两次（${how}）：${what}。您的工作是安全的，推理进程正在重新启动；请换一个问题，或加载另一个模型。`,
    engineDied: ({ times, how }) =>
      `推理进程连续 ${times} 次退出（${how}）。请重新加载模型，也可换一个设备。`,
    engineStopped: () => '推理进程已停止。',
  },
);

export const engineFailure = failuresOf(engineSentences);
