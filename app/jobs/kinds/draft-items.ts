import { z } from 'zod';
import { taskIds } from '../../../core/tasks/registry.ts';
import { datasetContract } from '../../api/contract/dataset.ts';
import { importDataset, requireDataset } from '../../features/dataset/dataset-import.ts';
import { draftProjectItems } from '../../features/items/draft-items.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** Of which tasks; none where only the dataset is wanted. */
  tasks: z.array(z.enum(taskIds)).default([...taskIds]),
  /** Decides the choices of questions and their order. */
  seed: z.number().int().min(0).default(1),
  /** A dataset that is imported first. */
  from: datasetContract['dataset.import'].input.nullable().default(null),
});

/** Makes draft items from regions, which a dataset may bring first. */
export const draftItems = defineJob({
  id: 'draft-items',
  title: { en: 'Drafting items', 'zh-CN': '生成条目草稿' },
  input,
  result: resultOf('draft'),
  needsProject: true,
  resumable: true,
  async check({ from }) {
    if (from) await requireDataset(from);
  },
  async run({ tasks, seed, from }, run) {
    try {
      const database = run.project();
      await run.backupBeforeLargeStep();
      const imported = from ? await importDataset(database, from, run) : null;
      const items = tasks.length > 0 ? await draftProjectItems(database, { tasks, seed }, run) : 0;
      return { kind: 'draft', items, imported };
    } finally {
      run.projectChanged();
    }
  },
});
