import { rmSync, statSync } from 'node:fs';
import {
  abandonedBackups,
  backupName,
  listBackups,
  superfluousBackups,
} from '../../../db/backup-files.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The copies that the program makes of an open project by itself: before large steps, and one a
 * day while the project is changed. They are made in another thread; old ones are deleted by the
 * rule of `superfluousBackups`.
 */
export class AutomaticBackups {
  readonly #database: ProjectDatabase;
  /** The value of `rowsWritten` at the newest copy; null if the file is newer than every copy. */
  #copiedAtRow: number | null;
  #copiedAtMs: number;
  #running: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  /** The maker of a copy has the project's lock and deletes partial copies of killed processes. */
  constructor(database: ProjectDatabase) {
    this.#database = database;
    for (const file of abandonedBackups(database.file)) rmSync(file, { force: true });
    const newest = listBackups(database.file)[0];
    this.#copiedAtMs = newest?.writtenAtMs ?? -Infinity;
    const isCopied = newest && newest.writtenAtMs >= statSync(database.file).mtimeMs;
    this.#copiedAtRow = isCopied ? database.rowsWritten : null;
    this.#timer = setInterval(() => void this.daily(), hourMs).unref();
  }

  /**
   * Copies what was changed since the last copy.
   * @throws AppError `disk-full` and others: a large step is not done on a project that could not
   * be copied.
   */
  beforeLargeStep(): Promise<void> {
    const made = this.#running.then(() => this.#copyIfChanged());
    this.#running = made.catch(() => undefined);
    return made;
  }

  /**
   * Copies what was changed where the newest copy is a day old; only says on the console where
   * that failed.
   */
  async daily(): Promise<void> {
    if (Date.now() - this.#copiedAtMs < dayMs) return;
    await this.beforeLargeStep().catch((thrown: unknown) => {
      console.error(`The daily backup could not be written: ${String(thrown)}`);
    });
  }

  /** Makes no further copies, and waits for the one that is being made. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #copyIfChanged(): Promise<void> {
    const database = this.#database;
    if (this.#copiedAtRow === database.rowsWritten) return;
    if (database.history({ limit: 1 }).length === 0) return; // Nobody has done anything in it yet.
    const nowMs = Date.now();
    const rows = database.rowsWritten;
    await database.backup(backupName(database.file, nowMs, 'auto'));
    this.#copiedAtRow = rows;
    this.#copiedAtMs = nowMs;
    for (const { file } of superfluousBackups(listBackups(database.file), nowMs)) {
      rmSync(file, { force: true });
    }
  }
}
