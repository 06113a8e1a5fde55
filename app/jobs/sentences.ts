import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** Failures to start or resume a job. */
export const jobSentences = sentenceSet(
  {
    jobKindUnknown: ({ kind, known }: { kind: string; known: readonly string[] }) =>
      `The job kind "${kind}" is unknown. Choose one of these: ${known.join(', ')}.`,
    jobInputInvalid: ({ kind, problem }: { kind: string; problem: string }) =>
      `The input of the job "${kind}" is invalid: ${problem}. Correct the input and start the job again.`,
    jobNotInterrupted: ({ id }: { id: string }) =>
      `The job ${id} cannot be resumed: it was resumed or dismissed already.`,
    jobOfOtherProject: ({ project }: { project: string }) =>
      `The job belongs to the project ${project}. Open that project, then resume the job.`,
  },
  {
    jobKindUnknown: ({ kind, known }) =>
      `未知的任务类型“${kind}”。请选择其中之一：${known.join('、')}。`,
    jobInputInvalid: ({ kind, problem }) =>
      `任务“${kind}”的输入无效：${problem}。请改正输入后重新启动任务。`,
    jobNotInterrupted: ({ id }) => `任务 ${id} 无法恢复：它已被恢复或忽略。`,
    jobOfOtherProject: ({ project }) => `该任务属于项目 ${project}。请先打开该项目，再恢复任务。`,
  },
);

export const jobFailure = failuresOf(jobSentences);
