import { z } from 'zod';
import { takenKinds } from '../../../core/compare/comparison.ts';
import { compareWith, takeOver } from '../../features/dataset/take-over.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** File, folder or zip archive of a dataset in any format. */
  path: z.string().min(1),
  /** Below it, two regions are not the same object. */
  minimumIou: z.number().gt(0).max(1),
  /** The kinds to take over from the dataset, as one step; none changes nothing. */
  take: z.array(z.enum(takenKinds)),
});

/** Rows of what could not be compared that a window shows. */
const mostLeftOut = 1000;

/** Compares the project with a dataset, and takes over what is chosen by kind. */
export const compareDatasets = defineJob({
  id: 'compare-datasets',
  title: { en: 'Comparing with a dataset', 'zh-CN': '与数据集比较' },
  input,
  result: resultOf('comparison'),
  needsProject: true,
  resumable: false,
  async run({ path, minimumIou, take }, run) {
    const database = run.project();
    const follow = { signal: run.signal, progress: run.progress };
    if (take.length > 0) {
      await run.backupBeforeLargeStep();
      try {
        await takeOver(database, path, new Set(take), minimumIou, follow);
      } finally {
        run.projectChanged();
      }
    }
    // A job that is cancelled by now would not say what it has taken over.
    const toEnd = { progress: run.progress };
    const compared = await compareWith(
      database,
      path,
      minimumIou,
      take.length > 0 ? toEnd : follow,
    );
    return {
      kind: 'comparison',
      images: compared.images,
      regions: compared.regions,
      texts: compared.texts,
      ious: compared.ious,
      meanIou: compared.meanIou,
      confusion: compared.confusion,
      kappa: compared.kappa,
      leftOut: compared.leftOut.slice(0, mostLeftOut),
      taken: take,
    };
  },
});
