import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** What is said of the process that answers the window. */
export const backendSentences = sentenceSet(
  {
    backendLost: () =>
      'The application stopped before it answered. Saved work is kept; repeat the last action when it is back.',
    backendDied: ({ times, how }: { times: number; how: string }) =>
      `The application's background process died ${times} times in a row (${how}). Saved work is kept. Quit and start again.`,
  },
  {
    backendLost: () => '应用在回答之前停止了。已保存的工作都在；恢复后请重复上一步操作。',
    backendDied: ({ times, how }) =>
      `应用的后台进程连续 ${times} 次退出（${how}）。已保存的工作都在。请退出并重新启动。`,
  },
);

export const backendFailure = failuresOf(backendSentences);
