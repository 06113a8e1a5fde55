import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** What is said of jobs that cannot be started or resumed. */
export const jobSentences = sentenceSet(
  {
    jobKindUnknown: ({ kind, known }: { kind: string; known: readonly string[] }) =>
      `There is no kind of job "${kind}". Start one of these: ${known.join(', ')}.`,
    jobInputInvalid: ({ kind, problem }: { kind: string; problem: string }) =>
      `The input of a job "${kind}" is not what that kind expects: ${problem}. Correct the input and start the job again.`,
    jobNotInterrupted: ({ id }: { id: string }) =>
      `No job ${id} waits to be resumed; it was resumed or dismissed already.`,
    jobOfOtherProject: ({ project }: { project: string }) =>
      `The job works on the project ${project}. Open that project first, then resume the job.`,
  },
  {
    jobKindUnknown: ({ kind, known }) =>
      `没有“${kind}”这种任务。请启动以下任务之一：${known.join('、')}。`,
    jobInputInvalid: ({ kind, problem }) =>
      `任务“${kind}”的输入不符合要求：${problem}。请改正输入后重新启动任务。`,
    jobNotInterrupted: ({ id }) => `没有等待恢复的任务 ${id}；它已被恢复或忽略。`,
    jobOfOtherProject: ({ project }) => `该任务属于项目 ${project}。请先打开该项目，再恢复任务。`,
  },
);

export const jobFailure = failuresOf(jobSentences);
