import { z } from 'zod';
import { judgeRegions as judgeThem } from '../../features/waiting-regions/judge-regions.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** These regions, or all that wait with this score or a higher one. */
  which: z.union([
    z.object({ ids: z.array(z.string().min(1)).min(1).max(1000) }),
    z.object({ atLeast: z.number().min(0).max(1) }),
  ]),
  verdict: z.enum(['accept', 'remove']),
  /** The category that they are accepted under; left out, each keeps its own. */
  category: z.string().min(1).optional(),
});

/** Accepts or removes a model's regions that wait to be checked, as one step. */
export const judgeRegions = defineJob({
  id: 'judge-regions',
  title: { en: 'Checking regions', 'zh-CN': '检查区域' },
  input,
  result: resultOf('judgement'),
  needsProject: true,
  resumable: false,
  async run(verdict, run) {
    try {
      return { kind: 'judgement', regions: await judgeThem(run.project(), verdict, run) };
    } finally {
      run.projectChanged();
    }
  },
});
