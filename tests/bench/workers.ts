import { setTimeout as wait } from 'node:timers/promises';
import { reportQueue } from '../../app/remote/queue-report.ts';
import { redisServer } from '../../app/remote/redis-server.ts';
import { noRedis } from '../support/redis.ts';
import { WorkerCluster } from '../support/worker-cluster.ts';
import { milliseconds, type BenchRow } from './statistics.ts';

const workerCounts = [1, 2, 4, 8, 16];
const imagesEach = 12;
/** Time per image of the simulated model, which waits and computes nothing. */
const modelMs = 1000;

/** Times annotation by workers on a Redis server, against as many times the rate of one model. */
export async function benchWorkers(): Promise<BenchRow[]> {
  if (noRedis) {
    console.error(`bench: workers left out, ${noRedis}`);
    return [];
  }
  const rows: BenchRow[] = [];
  for (const workers of workerCounts) {
    const images = imagesEach * workers;
    const rate = await rateOf(workers, images);
    const linear = (workers * 1000) / modelMs;
    rows.push({
      name: `annotate ${images} images, ${workers} workers, model of ${modelMs} ms`,
      value: rate,
      unit: 'images/s',
      baseline: `linear ${linear.toFixed(1)} images/s, ratio ${(rate / linear).toFixed(2)}`,
    });
  }
  return rows;
}

async function rateOf(workers: number, images: number): Promise<number> {
  const cluster = await WorkerCluster.of(images);
  try {
    for (let index = 0; index < workers; index++) cluster.worker(modelMs);
    const server = redisServer(cluster.redis.url);
    while ((await reportQueue(server, null)).workers < workers) await wait(100);
    const model = await cluster.openModel();
    const tookMs = await milliseconds(() => cluster.annotate(model));
    await model.dispose();
    return (1000 * images) / tookMs;
  } finally {
    await cluster.close();
  }
}
