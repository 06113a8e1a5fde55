import type { AskPhoto } from '../../../models/evaluation/evaluation.ts';
import { fileSource } from '../../../models/image/image-source.ts';
import type { JobModel } from '../../jobs/job-kind.ts';

const neverAborted = new AbortController().signal;

/** Asks the model of a job. */
export function askOfJob(model: JobModel): AskPhoto {
  return (_photo, file, request, { signal = neverAborted }) =>
    model.answer(fileSource(file), request, signal);
}
