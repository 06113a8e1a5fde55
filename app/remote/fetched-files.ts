import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../core/errors.ts';
import { packageHash, hashFile, manifestFile } from '../../models/package/package.ts';
import { readManifest, serverOf } from '../../models/registry.ts';
import { keepWithinLimit, noteUse } from '../features/images/cache-limit.ts';
import { isFile, writeOnce } from '../features/images/image-files.ts';
import { listModels } from '../features/models/models.ts';
import { makeFolder } from '../files/folders.ts';
import { UnderWay } from '../files/under-way.ts';
import { remoteFailure } from './sentences.ts';
import type { Work } from './work.ts';

export interface FetchOptions {
  /** Folder of fetched photos and models. */
  readonly cache: string;
  /** Of the photos, by `keepWithinLimit`. */
  readonly limitBytes: number;
  /** Folders that this machine shares with the one that asks; photos are searched there first. */
  readonly sharedFolders: readonly string[];
  readonly modelFolders: readonly string[];
}

/** More than any photo or model file has. */
const maximumBytes = 8e9;
const idleMs = 30_000;

/** Gets the files that work needs, from this machine or else from the one that asks. */
export class FetchedFiles {
  readonly #options: FetchOptions;
  readonly #underWay = new UnderWay<string>();

  constructor(options: FetchOptions) {
    this.#options = options;
  }

  /**
   * A photo with just the bytes that were asked about.
   * @throws AppError `not-found`, `conflict` where it is another one
   */
  async photo({ image, source }: Work, signal: AbortSignal): Promise<string> {
    const { sha256, path } = image!;
    const name = basename(path.replaceAll('\\', '/'));
    const shared = await this.#shared(path, sha256);
    if (shared !== null) return shared;
    const folder = join(this.#options.cache, 'photos');
    const ending = /^\.[a-z0-9]{1,5}$/i.test(extname(name)) ? extname(name).toLowerCase() : '';
    const file = join(folder, `${sha256}${ending}`);
    await noteUse(file);
    if (await isFile(file)) return file;
    return this.#underWay.once(file, async () => {
      try {
        if (source === null) throw new Error('nobody serves it');
        await writeOnce(file, (part) =>
          download(`${source.url}/photos/${sha256}`, source.token, part, sha256, signal),
        );
      } catch (thrown) {
        if (thrown instanceof OtherContent)
          throw remoteFailure('conflict', 'remotePhotoDiffers', { name });
        const reason = reasonOf(thrown);
        throw remoteFailure('not-found', 'remotePhotoMissing', { name, reason }, thrown);
      }
      await keepWithinLimit(folder, 1, this.#options.limitBytes);
      return file;
    });
  }

  /**
   * The folder of a model package, by the hash of its content.
   * @throws AppError `not-found`, `conflict` where another model was sent, `unsupported` for one
   * that a server runs: a sender cannot allow that this machine's photos and key go there
   */
  async model({ model, source }: Work, signal: AbortSignal): Promise<string> {
    for (const { directory } of await listModels(this.#options.modelFolders)) {
      const manifest = await readManifest(directory).catch(() => null);
      if (manifest && packageHash(manifest) === model.hash) return directory;
    }
    const folder = join(this.#options.cache, 'models', model.hash);
    if (await isFile(join(folder, manifestFile))) return folder;
    return this.#underWay.once(folder, async () => {
      const draft = `${folder}.${process.pid}.part`;
      try {
        if (source === null) throw new Error('nobody serves it');
        const get = async (path: string, sha256: string | null) => {
          const target = join(draft, path);
          await makeFolder(join(target, '..'));
          const from = `${source.url}/models/${model.hash}/${path}`;
          await download(from, source.token, target, sha256, signal);
        };
        await makeFolder(draft);
        await get(manifestFile, null);
        // Its paths are checked to lie within the package.
        const manifest = await readManifest(draft);
        if (packageHash(manifest) !== model.hash) throw new OtherContent();
        if (serverOf(manifest) !== null) {
          throw remoteFailure('unsupported', 'remoteModelServed', { id: model.id });
        }
        for (const { path, sha256 } of manifest.files) await get(path, sha256);
        await rename(draft, folder);
        return folder;
      } catch (thrown) {
        const { id } = model;
        if (thrown instanceof AppError && thrown.sentence === 'remoteModelServed') throw thrown;
        if (thrown instanceof OtherContent)
          throw remoteFailure('conflict', 'remoteModelDiffers', { id });
        const reason = reasonOf(thrown);
        throw remoteFailure('not-found', 'remoteModelMissing', { id, reason }, thrown);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    });
  }

  /** The photo in a shared folder, by the longest end of its path that is there. */
  async #shared(path: string, sha256: string): Promise<string | null> {
    const parts = path
      .split(/[/\\]/)
      .filter((part) => part !== '' && part !== '.' && part !== '..');
    for (const folder of this.#options.sharedFolders) {
      for (let start = 0; start < parts.length; start++) {
        const file = join(folder, ...parts.slice(start));
        if ((await isFile(file)) && (await hashFile(file).catch(() => null)) === sha256)
          return file;
      }
    }
    return null;
  }
}

/** The received file differs from the requested one. */
class OtherContent extends Error {}

/** @param sha256 of the bytes; null where something else vouches for them */
async function download(
  url: string,
  token: string,
  target: string,
  sha256: string | null,
  signal: AbortSignal,
): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error('no answer in 30 s')), idleMs);
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.any([signal, stalled.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const { body } = response;
    const hash = createHash('sha256');
    const measured = async function* () {
      let bytes = 0;
      for await (const chunk of body) {
        timer.refresh();
        hash.update(chunk);
        bytes += chunk.length;
        if (bytes > maximumBytes) throw new Error(`more than ${maximumBytes} bytes`);
        yield chunk;
      }
    };
    await pipeline(measured, createWriteStream(target));
    if (sha256 !== null && hash.digest('hex') !== sha256) throw new OtherContent();
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error ? cause.message : message;
}
