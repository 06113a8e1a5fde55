import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newId } from '../../core/ids.ts';
import { lockProject, type ProjectLock } from '../../db/project-lock.ts';
import { readJson, writeDurably } from '../files/durable-file.ts';
import { makeFolder } from '../files/folders.ts';

const storedJobSchema = z.object({
  version: z.literal(1),
  jobId: z.string().min(1),
  kind: z.string().min(1),
  input: z.unknown(),
  project: z.string().nullable(),
  startedAtMs: z.number(),
});

/** A job that runs, or ran when its process died. */
export type StoredJob = Omit<z.infer<typeof storedJobSchema>, 'version'>;

/**
 * Remembers the jobs that run, so that those of a process that died can be offered again. They lie
 * in the user's data folder, one JSON file each, not in the project: their inputs name files of
 * this machine, which do not concern the next owner of the project, some work on no project, and a
 * job of a project that cannot be written is remembered too. Each process has a folder of its own,
 * whose lock the system ends with it.
 */
export class JobStore {
  readonly #folder: string;
  readonly #own: string;
  #lock: ProjectLock | null = null;

  /** @param home the user's data folder; nothing is made in it before a job runs. */
  constructor(home: string) {
    this.#folder = join(home, 'jobs');
    this.#own = join(this.#folder, newId());
  }

  /** The job is stored when this resolves. @throws AppError `disk-full`, `permission-denied`. */
  async add(job: StoredJob): Promise<void> {
    await this.#open();
    await writeDurably(this.#fileOf(job.jobId), JSON.stringify({ version: 1, ...job }));
  }

  /** A job of this process has ended. */
  async remove(jobId: string): Promise<void> {
    await rm(this.#fileOf(jobId), { force: true });
  }

  /**
   * The jobs of processes that have died, oldest first. A file that is no job of this version is
   * passed over.
   */
  async interrupted(): Promise<StoredJob[]> {
    const jobs: StoredJob[] = [];
    for (const folder of await this.#ofTheDead()) {
      for (const name of await namesIn(folder)) {
        const job = await readJson(join(folder, name), storedJobSchema);
        if (job) jobs.push(job);
      }
    }
    return jobs.sort((left, right) => left.startedAtMs - right.startedAtMs);
  }

  /**
   * Makes an interrupted job one of this process; null when there is none, or another process was
   * quicker.
   */
  async take(jobId: string): Promise<StoredJob | null> {
    await this.#open();
    for (const folder of await this.#ofTheDead()) {
      const isTaken = await rename(join(folder, nameOf(jobId)), this.#fileOf(jobId)).then(
        () => true,
        () => false,
      );
      if (isTaken) return readJson(this.#fileOf(jobId), storedJobSchema);
    }
    return null;
  }

  /** The process ends in good order: its jobs have ended. */
  async close(): Promise<void> {
    if (!this.#lock) return;
    await rm(this.#own, { recursive: true, force: true });
    this.#lock.release();
    this.#lock = null;
  }

  async #open(): Promise<void> {
    if (this.#lock) return;
    await makeFolder(this.#folder);
    // Before its folder is there, so that nobody takes that for one of the dead.
    this.#lock ??= lockProject(this.#own);
    await makeFolder(this.#own);
  }

  async #ofTheDead(): Promise<string[]> {
    const folders: string[] = [];
    for (const name of await namesIn(this.#folder)) {
      const folder = join(this.#folder, name);
      if (folder === this.#own || besideFolders.test(name)) continue;
      if ((await namesIn(folder)).length === 0) await forget(folder);
      else if (isDead(folder)) folders.push(folder);
    }
    return folders;
  }

  #fileOf(jobId: string): string {
    return join(this.#own, nameOf(jobId));
  }
}

/** The file that a lock leaves beside its folder. */
const besideFolders = /-(lock|holder)$/;

function nameOf(jobId: string): string {
  return `${jobId}.json`;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Whether the process that the folder belongs to holds its lock no more. */
function isDead(folder: string): boolean {
  try {
    lockProject(folder).release();
    return true;
  } catch {
    return false;
  }
}

/** Removes the folder of a process that is gone and left no job. */
async function forget(folder: string): Promise<void> {
  if (isDead(folder)) await rm(folder, { recursive: true, force: true });
}
