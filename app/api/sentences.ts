import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** Failures of the backend process. */
export const backendSentences = sentenceSet(
  {
    backendLost: () =>
      'The background process stopped before it answered. Saved work is kept. Repeat the last action after the restart.',
    backendDied: ({ times, how }: { times: number; how: string }) =>
      `The background process stopped ${times} times in a row (${how}). Saved work is kept. Quit the application and start it again.`,
  },
  {
    backendLost: () => '后台进程在回答之前停止了。已保存的工作都在。重新启动后请重复上一步操作。',
    backendDied: ({ times, how }) =>
      `后台进程连续 ${times} 次退出（${how}）。已保存的工作都在。请退出应用并重新启动。`,
  },
);

export const backendFailure = failuresOf(backendSentences);
