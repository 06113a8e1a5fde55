import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { annotateBatch } from '../../../app/features/annotation/batch-annotation.ts';
import { listenAddress } from '../../../app/remote/file-server.ts';
import { reportQueue } from '../../../app/remote/queue-report.ts';
import { redisServer, requireRedis } from '../../../app/remote/redis-server.ts';
import { RemoteModel } from '../../../app/remote/remote-model.ts';
import { workQueue } from '../../../app/remote/work.ts';
import { startWorker } from '../../../app/remote/worker.ts';
import { AppError } from '../../../core/errors.ts';
import { fileSource } from '../../../models/image/image-source.ts';
import { manifestFile, packageHash } from '../../../models/package/package.ts';
import { readManifest } from '../../../models/registry.ts';
import { writeFakeCatalog } from '../../support/fake-model.ts';
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

const about = { minimumScore: 0, overlap: 'all', splitsParts: false } as const;

describe.skipIf(noRedis !== null)('a run that nobody answers', { timeout: 60_000 }, () => {
  let cluster: WorkerCluster;
  let model: RemoteModel;
  beforeEach(async () => {
    cluster = await WorkerCluster.of(2);
    model = await cluster.openModel();
  });
  afterEach(() => cluster.close());

  /** Asks for a category until the signal aborts. */
  const annotate = (signal: AbortSignal) =>
    annotateBatch(cluster.database, model, { kind: 'categories', names: ['left'] } as const, {
      ...{ ...about, includesReviewed: false, signal, progress: () => undefined },
    });

  it('ends when it is cancelled before any worker is there', async () => {
    const stop = new AbortController();
    const ended = annotate(stop.signal);
    await wait(300);
    stop.abort();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    await model.dispose();
  });

  it('ends when it is cancelled while the server is away', async () => {
    const stop = new AbortController();
    const ended = annotate(stop.signal);
    await wait(300);
    await cluster.redis.kill();
    stop.abort();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    await model.dispose();
    await cluster.redis.begin();
  });

  it('gives up on answers that cannot be read, as of another version', async () => {
    let asked = 0;
    const { connection } = redisServer(cluster.redis.url);
    const other = new Worker(workQueue, () => Promise.resolve({ asked: ++asked }), { connection });
    await expect(annotate(new AbortController().signal)).rejects.toMatchObject({
      sentence: 'workInvalid',
    });
    expect(asked).toBe(2);
    await other.close();
    await model.dispose();
  });
});

describe.skipIf(noRedis !== null)('a worker', { timeout: 60_000 }, () => {
  it('ends what it has begun with a model before it loads another one', async () => {
    const redis = await TestRedis.start();
    const server = redisServer(redis.url);
    const folder = await mkdtemp(join(tmpdir(), 'worker-models-'));
    const photo = join(folder, 'photo.png');
    await writeFile(photo, 'a photo');
    const directories = await Promise.all(
      [8, 9].map(async (size) => {
        const directory = join(await writeFakeCatalog(join(folder, `${size}`)), 'fake');
        const file = join(directory, manifestFile);
        const manifest = JSON.parse(await readFile(file, 'utf8')) as { config: object };
        const config = { ...manifest.config, hidden_size: size };
        await writeFile(file, JSON.stringify({ ...manifest, config }));
        return directory;
      }),
    );
    const device = { requested: 'auto', used: 'cpu', name: '', selfTestMs: 0, threads: 1 } as const;
    let tries = 0;
    const worker = startWorker({
      ...{ server, imagesAtOnce: 2, cache: join(folder, 'cache'), limitBytes: 1e9 },
      ...{ sharedFolders: [folder], modelFolders: [], log: () => undefined },
      async openModel(directory) {
        const manifest = await readManifest(directory);
        const hash = packageHash(manifest);
        let isDisposed = false;
        return {
          ...{ manifest, hash, device: { ...device, fallbacks: [] } },
          requireReadable: () => undefined,
          prefetch: () => undefined,
          dispose() {
            isDisposed = true;
            return Promise.resolve();
          },
          async answer() {
            tries++;
            await wait(400);
            if (isDisposed) throw new AppError('engine-lost', 'The model was closed.');
            const reported = { ...device, fallbacks: [] };
            return { answers: [], device: reported, timings: {}, model: { id: 'fake', hash } };
          },
        };
      },
    });
    const listen = { host: '127.0.0.1', port: 0 };
    const models = await Promise.all(
      directories.map((directory) => RemoteModel.open(directory, server, listen, () => undefined)),
    );
    const request = { task: 'everything', pointsPerSide: 1, regions: [] } as const;
    const { signal } = new AbortController();
    await Promise.all(
      models.map((model) => model.answer(fileSource(photo), { ...request, regions: [] }, signal)),
    );
    expect(models[0]!.hash).not.toBe(models[1]!.hash);
    expect(tries).toBe(2);
    await Promise.all(models.map((model) => model.dispose()));
    await worker.close();
    await redis.stop();
    await rm(folder, { recursive: true });
  });
});

describe('an address for workers', () => {
  it.each(['0.0.0.0:4700', '[::]:4700', '0:4700'])('is not %s, which is no machine', (address) => {
    expect(() => listenAddress(address)).toThrow(/every address of this machine/);
  });

  it('is that of an interface', () => {
    expect(listenAddress('192.168.1.10:4700')).toEqual({ host: '192.168.1.10', port: 4700 });
    expect(listenAddress('[::1]:0')).toEqual({ host: '::1', port: 0 });
  });
});

describe('the address of a Redis server', () => {
  it.each(['redis://me:secret@host', 'redis://host?password=secret', 'redis://%zz:secret@host'])(
    'is refused by a sentence that does not repeat the password: %s',
    (address) => {
      const read = () => redisServer(address, {});
      expect(read).toThrow(expect.objectContaining({ sentence: 'redisAddressInvalid' }));
      expect(read).not.toThrow(/secret/);
    },
  );
});

it('does not wait for a server that takes the connection and says nothing', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const server = redisServer(`redis://127.0.0.1:${port}`, {});
  await expect(requireRedis(server, 200)).rejects.toThrow(/no answer in 0.2 s/);
  silent.close();
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
