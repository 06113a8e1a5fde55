import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportQueue } from '../../../app/remote/queue-report.ts';
import { redisServer, requireRedis } from '../../../app/remote/redis-server.ts';
import type { RemoteModel } from '../../../app/remote/remote-model.ts';
import { NetworkCut } from '../../support/network-cut.ts';
import { noRedis, TestRedis } from '../../support/redis.ts';
import { WorkerCluster } from '../../support/worker-cluster.ts';

if (noRedis) console.log(`Skipping the workers on Redis: ${noRedis}.`);

describe.skipIf(noRedis !== null)('workers on Redis', { timeout: 120_000 }, () => {
  let cluster: WorkerCluster;
  let model: RemoteModel | null = null;
  afterEach(async () => {
    await model?.dispose();
    model = null;
    await cluster.close();
  });

  it('label each photo once, with photos and model fetched from the machine that asks', async () => {
    cluster = await WorkerCluster.of(12);
    cluster.worker(10);
    cluster.worker(10);
    model = await cluster.openModel();
    const report = await cluster.annotate(model);
    expect(report).toMatchObject({ images: 12, annotations: 12, isComplete: true, failed: [] });
    expect(cluster.counts()).toEqual({ 1: 12 });
    const answered = (await readFile(join(cluster.folder, 'answered.txt'), 'utf8')).trim();
    expect(new Set(answered.split('\n')).size).toBe(12);
    expect(await cluster.annotate(model)).toMatchObject({ images: 0, doneBefore: 12 });
  });

  it('lose and double nothing when they are killed thirty times and the server and the network fail', async () => {
    cluster = await WorkerCluster.of(60);
    const way = await NetworkCut.to(cluster.redis.port);
    const url = `redis://127.0.0.1:${way.port}`;
    const workers = [cluster.worker(60), cluster.worker(60), cluster.worker(60, url)];
    model = await cluster.openModel(url);
    let kills = 0;
    let isDone = false;
    const trouble = async () => {
      for (; kills < 30 && !isDone; kills++) {
        await wait(250 + 150 * Math.random());
        const index = kills % 3;
        workers[index]!.kill('SIGKILL');
        workers[index] = cluster.worker(60, index === 2 ? url : undefined);
        if (kills === 8 || kills === 20) {
          await cluster.redis.kill();
          await cluster.redis.begin();
        }
        if (kills === 14) {
          way.cut();
          await wait(500);
          way.mend();
        }
      }
    };
    const [report] = await Promise.all([
      cluster.annotate(model).finally(() => (isDone = true)),
      trouble(),
    ]);
    expect(report).toMatchObject({ images: 60, annotations: 60, isComplete: true, failed: [] });
    expect(cluster.counts()).toEqual({ 1: 60 });
    await way.close();
  });

  it('name a photo that cannot be read, and go on with the others', async () => {
    cluster = await WorkerCluster.of(3, { red: 1 });
    const worker = cluster.worker(5);
    model = await cluster.openModel();
    const report = await cluster.annotate(model);
    expect(report).toMatchObject({ images: 2, isComplete: true });
    expect(report.failed).toEqual([{ what: '1.png', reason: 'The photo is red.' }]);
    const server = redisServer(cluster.redis.url);
    const letter = { image: '1.png', attempts: 1, reason: 'The photo is red.' };
    expect(await reportQueue(server, null)).toMatchObject({ waiting: 0, dead: [letter] });
    worker.kill('SIGKILL');
    expect(await reportQueue(server, 'retry')).toMatchObject({ waiting: 1, dead: [] });
    expect(await reportQueue(server, 'clear')).toMatchObject({ waiting: 0, dead: [] });
  });

  it('take no work from a paused queue until it is resumed', async () => {
    cluster = await WorkerCluster.of(2);
    const server = redisServer(cluster.redis.url);
    expect(await reportQueue(server, 'pause')).toMatchObject({ isPaused: true });
    cluster.worker(5);
    model = await cluster.openModel();
    let isEnded = false;
    const ended = cluster.annotate(model).finally(() => (isEnded = true));
    await expect
      .poll(async () => (await reportQueue(server, null)).workers, { timeout: 20_000 })
      .toBe(1);
    expect(isEnded).toBe(false);
    await reportQueue(server, 'resume');
    expect(await ended).toMatchObject({ images: 2 });
  });
});

describe.skipIf(noRedis !== null)('a Redis server', () => {
  let redis: TestRedis;
  beforeEach(async () => (redis = await TestRedis.start('the secret')));
  afterEach(() => redis.stop());

  it('is refused without its password, and taken with it', async () => {
    await expect(requireRedis(redisServer(redis.url, {}))).rejects.toMatchObject({
      code: 'not-found',
      sentence: 'redisUnreachable',
    });
    await requireRedis(redisServer(redis.url, { PIXELSAIL_REDIS_PASSWORD: 'the secret' }));
  });
});
