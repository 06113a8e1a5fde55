import { z } from 'zod';
import {
  defaultPointsPerSide,
  maximumPointsPerSide,
  type DeviceReport,
} from '../../../core/prompt.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { JobResult, JobWords, LeftOut } from '../../api/contract/jobs.ts';
import { imageFilterSchema } from '../../../core/project/image-filter.ts';
import { annotateBatch, describeTask } from '../../features/annotation/batch-annotation.ts';
import type { BatchTask } from '../../features/annotation/batch-questions.ts';
import { readBoxes } from '../../features/annotation/dataset-boxes.ts';
import { listenAddress } from '../../remote/file-server.ts';
import { redisServer, requireRedis } from '../../remote/redis-server.ts';
import { RemoteModel } from '../../remote/remote-model.ts';
import { defineJob, type JobModel, type JobRun } from '../job-kind.ts';
import { jobModelSchema } from '../job-model-schema.ts';
import { resultOf } from '../job-result.ts';

const category = z.string().min(1).nullable().default(null);

const taskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('categories'), names: z.array(z.string().min(1)).min(1) }),
  z.object({ kind: z.literal('text'), text: z.string().min(1), category }),
  /** The boxes of a COCO file. */
  z.object({ kind: z.literal('boxes'), file: z.string().min(1) }),
  z.object({
    kind: z.literal('everything'),
    pointsPerSide: z.number().int().min(1).max(maximumPointsPerSide).default(defaultPointsPerSide),
    category,
  }),
]);

const input = z.object({
  ...jobModelSchema,
  task: taskSchema,
  /** Masks with a lower score are left out. */
  minimumScore: z.number().min(0).max(1).default(0),
  /** Of several masks of one object: the best, or all. */
  overlap: z.enum(['best', 'all']).default('all'),
  /** Each connected part of a mask becomes an annotation of its own. */
  splitsParts: z.boolean().default(false),
  /** Has workers on other machines answer; null answers in this process. */
  workers: z
    .object({
      /** Address of the Redis server that they and this machine know. */
      redis: z.string().min(1),
      /** `HOST:PORT` at which they get photos and model from this machine. */
      listen: z.string().min(1).default('127.0.0.1:0'),
    })
    .nullable()
    .default(null),
  /** Only these images; all of them where left out. */
  filter: imageFilterSchema.optional(),
  /** Also annotate images that a person has marked as done or as empty. */
  includesReviewed: z.boolean().default(false),
});

export type AnnotationResult = Extract<JobResult, { kind: 'annotation' }> & {
  /** The task in a few words. */
  readonly task: string;
  /** Rows of a file of boxes that could not be used. */
  readonly skipped: readonly LeftOut[];
  readonly seconds: number;
  readonly device: DeviceReport;
};

/**
 * A model's masks for every image of the project. Each image remembers the task, so that another
 * run goes on.
 */
export const annotate = defineJob<z.infer<typeof input>, AnnotationResult>({
  id: 'annotate',
  title: { en: 'Labelling the images', 'zh-CN': '标注图像' },
  input,
  result: resultOf('annotation') as z.ZodType<AnnotationResult>,
  needsProject: true,
  resumable: true,
  async check({ workers }) {
    if (workers === null) return;
    listenAddress(workers.listen);
    await requireRedis(redisServer(workers.redis));
  },
  async run({ task: given, model: asked, device, threads, workers, ...options }, run) {
    await run.backupBeforeLargeStep();
    const database = run.project();
    const { task, skipped } = await readTask(database, given);
    const stage = stageOf(task);
    const model = await (workers
      ? openRemote(await run.locateModel(asked), workers, run)
      : run.openModel({ model: asked, device, threads }));
    const startedAtMs = performance.now();
    try {
      const report = await annotateBatch(database, model, task, {
        ...options,
        signal: run.signal,
        progress: (done, total) => run.progress(done, total, stage),
      });
      const seconds = (performance.now() - startedAtMs) / 1000;
      const about = { task: describeTask(task), skipped, seconds, device: model.device };
      return { kind: 'annotation', ...report, ...about };
    } finally {
      await model.dispose();
      run.projectChanged();
    }
  },
});

function openRemote(
  directory: string,
  { redis, listen }: { readonly redis: string; readonly listen: string },
  { log }: Pick<JobRun, 'log'>,
): Promise<JobModel> {
  return RemoteModel.open(directory, redisServer(redis), listenAddress(listen), log);
}

function stageOf(task: BatchTask): JobWords {
  const words = describeTask(task);
  const inChinese = { boxes: '已有的框', everything: '所有物体', categories: words, text: words };
  return { en: `annotate with ${words}`, 'zh-CN': `标注：${inChinese[task.kind]}` };
}

async function readTask(
  database: ProjectDatabase,
  task: z.infer<typeof taskSchema>,
): Promise<{ task: BatchTask; skipped: readonly LeftOut[] }> {
  if (task.kind !== 'boxes') return { task, skipped: [] };
  const { boxes, skipped } = await readBoxes(database, task.file);
  return { task: { kind: 'boxes', boxes }, skipped };
}
