import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../../core/errors.ts';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { requirePlainFile } from '../../../models/plain-file.ts';
import { openImage, unreadable } from '../../../models/image/open-image.ts';
import { cacheName, isContentHash } from './cache-name.ts';
import { isFile, locateImage, writeOnce, type ServedFile } from './image-files.ts';

const thumbnailSide = 256;

/** How long nothing may have been asked for until thumbnails are made ahead. */
const idleMs = 1000;

export interface ThumbnailsOptions {
  /** Folder of the cache. */
  readonly cache: string;
  /** Whether long work is under way, which thumbnails wait for. */
  readonly isBusy: () => boolean;
  /** Hears of each file once whose pixels cannot be decoded. */
  readonly onUnreadable: (image: ImageRecord, error: AppError) => void;
  readonly idleMs?: number;
}

/**
 * Small pictures for the image list: made when they are asked for, and ahead of that while nothing
 * else is going on. Making one decodes the whole image, which an import does not do: here a file
 * whose pixels are damaged is found.
 */
export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  /** Images whose files were said to be unreadable. */
  readonly #named = new Set<RecordId>();
  #usedAtMs = -Infinity;
  #filling: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;
  /** Whether images may have come since the present filling began. */
  #isOutdated = false;

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
  }

  /** Something was asked of the application: filling waits. */
  noteUse(): void {
    this.#usedAtMs = performance.now();
  }

  /**
   * The thumbnail of an image, made when it is not in the cache.
   * @throws AppError `image-unreadable`, `not-found`.
   */
  async serve(path: string, image: ImageRecord): Promise<ServedFile> {
    try {
      return { file: await this.#make(path, image), contentType: 'image/webp' };
    } catch (thrown) {
      this.#note(image, thrown);
      throw thrown;
    }
  }

  /**
   * Makes the thumbnails that a project lacks, one after another, while nothing else is going on.
   */
  fill(database: ProjectDatabase): void {
    if (this.#filling) {
      this.#isOutdated = true;
      return;
    }
    const stop = new AbortController();
    const ended = this.#fillAll(database, stop.signal).catch((thrown: unknown) => {
      if (!stop.signal.aborted) console.error(`No more thumbnails are made: ${String(thrown)}`);
    });
    this.#filling = { stop, ended };
    void ended.then(() => {
      if (this.#filling?.stop !== stop) return;
      this.#filling = null;
      if (this.#isOutdated && !stop.signal.aborted) this.fill(database);
    });
  }

  /** Ends the filling; nothing reads the project any more when this resolves. */
  async stop(): Promise<void> {
    const filling = this.#filling;
    this.#filling = null;
    this.#named.clear();
    filling?.stop.abort();
    await filling?.ended;
  }

  async #fillAll(database: ProjectDatabase, signal: AbortSignal): Promise<void> {
    this.#isOutdated = false;
    for (const { image } of database.exportImages()) {
      if (this.#named.has(image.id) || (await this.#isMade(image))) {
        signal.throwIfAborted();
        continue;
      }
      await this.#idle(signal);
      try {
        await this.#make(await locateImage(database, image), image);
      } catch (thrown) {
        this.#note(image, thrown);
      }
      signal.throwIfAborted();
    }
  }

  async #idle(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const { isBusy, idleMs: quietMs = idleMs } = this.#options;
      const leftMs = this.#usedAtMs + quietMs - performance.now();
      if (leftMs <= 0 && !isBusy()) return;
      await setTimeout(Math.max(leftMs, quietMs / 4), undefined, { signal, ref: false });
    }
  }

  #note(image: ImageRecord, thrown: unknown): void {
    // A file that is gone may come back with its disk; damage stays.
    if (!(thrown instanceof AppError) || thrown.code !== 'image-unreadable') return;
    if (this.#named.has(image.id)) return;
    this.#named.add(image.id);
    this.#options.onUnreadable(image, thrown);
  }

  /** A hash from a project file is used only if it has the form of a hash (see cache-name.ts). */
  async #isMade({ sha256 }: ImageRecord): Promise<boolean> {
    return isContentHash(sha256) && isFile(this.#fileOf(sha256));
  }

  #fileOf(sha256: string): string {
    return join(this.#options.cache, 'thumbnails', sha256.slice(0, 2), `${sha256}.webp`);
  }

  async #make(path: string, image: ImageRecord): Promise<string> {
    await requirePlainFile(path);
    const file = this.#fileOf(await cacheName(path, image, (known) => isFile(this.#fileOf(known))));
    if (await isFile(file)) return file;
    try {
      const { decode } = await openImage(path, path);
      await decode((pixels) =>
        writeOnce(file, (part) =>
          pixels
            .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
            .webp({ quality: 80 })
            .toFile(part),
        ),
      );
      return file;
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw unreadable(path, (thrown as Error).message, thrown);
    }
  }
}
