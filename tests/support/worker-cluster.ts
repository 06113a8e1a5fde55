import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import {
  annotateBatch,
  type BatchOptions,
} from '../../app/features/annotation/batch-annotation.ts';
import { importFolder } from '../../app/features/images/image-import.ts';
import { redisServer } from '../../app/remote/redis-server.ts';
import { RemoteModel } from '../../app/remote/remote-model.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../db/project-database.ts';
import { writeFakeCatalog } from './fake-model.ts';
import { TestRedis } from './redis.ts';

const child = fileURLToPath(new URL('./worker-child.ts', import.meta.url));

/** One machine: a project with photos, a Redis server, and processes of workers. */
export class WorkerCluster {
  readonly folder: string;
  readonly redis: TestRedis;
  readonly database: ProjectDatabase;
  readonly model: string;
  readonly #workers = new Set<ChildProcess>();
  #made = 0;

  static async of(photos: number, { red }: { red?: number } = {}): Promise<WorkerCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-workers-'));
    await mkdir(join(folder, 'photos'));
    for (let index = 0; index < photos; index++) {
      const background = { r: index === red ? 255 : index, g: 255 - index, b: 90 };
      await sharp({ create: { width: 32, height: 24, channels: 3, background } })
        .png()
        .toFile(join(folder, 'photos', `${index}.png`));
    }
    const database = createProjectDatabase(join(folder, 'project.pixelsail'), 'Project');
    const context = {
      jobId: 'import',
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    await importFolder(database, join(folder, 'photos'), context);
    const model = join(await writeFakeCatalog(join(folder, 'catalog')), 'fake');
    return new WorkerCluster(folder, await TestRedis.start(), database, model);
  }

  private constructor(folder: string, redis: TestRedis, database: ProjectDatabase, model: string) {
    this.folder = folder;
    this.redis = redis;
    this.database = database;
    this.model = model;
  }

  /** Starts a worker that reaches the server by the address. */
  worker(modelMs: number, url = this.redis.url): ChildProcess {
    const cache = join(this.folder, `cache-${++this.#made}`);
    const words = [child, url, cache, join(this.folder, 'answered.txt'), `${modelMs}`];
    const started = spawn(process.execPath, words, { stdio: 'ignore' });
    this.#workers.add(started);
    started.once('exit', () => this.#workers.delete(started));
    return started;
  }

  openModel(url = this.redis.url): Promise<RemoteModel> {
    const listen = { host: '127.0.0.1', port: 0 };
    return RemoteModel.open(this.model, redisServer(url), listen, () => undefined);
  }

  /** Asks for one category on all photos. */
  async annotate(model: RemoteModel, progress: BatchOptions['progress'] = () => undefined) {
    const task = { kind: 'categories', names: ['left'] } as const;
    return annotateBatch(this.database, model, task, {
      ...{ minimumScore: 0, overlap: 'all', splitsParts: false, includesReviewed: false },
      ...{ signal: new AbortController().signal, progress },
    });
  }

  /** Names of the photos by the number of annotations that they have. */
  counts(): Record<number, number> {
    const counts: Record<number, number> = {};
    for (const { id } of this.database.images({})) {
      const { length } = this.database.annotations(id);
      counts[length] = (counts[length] ?? 0) + 1;
    }
    return counts;
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.kill('SIGKILL');
    this.database.close();
    await this.redis.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
