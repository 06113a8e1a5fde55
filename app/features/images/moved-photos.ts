import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';

/**
 * The images that a project has before the first file of an import is asked about, by what their
 * files hold: where the file of one is gone, and one with the same bytes is found elsewhere, it is
 * the same photo, and its annotations belong to it.
 */
export class MovedPhotos {
  readonly #database: ProjectDatabase;
  #byHash: Map<string, RecordId[]> | null = null;

  constructor(database: ProjectDatabase) {
    this.#database = database;
  }

  /**
   * The image whose photo was moved to `path`, given once; of several alike, the one with the same
   * name.
   */
  async take(sha256: string, path: string): Promise<ImageRecord | null> {
    this.#byHash ??= this.#readHashes();
    const known = (this.#byHash.get(sha256) ?? []).flatMap((id) => this.#database.image(id) ?? []);
    const gone: ImageRecord[] = [];
    for (const image of known) if (!(await this.#isThere(image))) gone.push(image);
    const taken = gone.find((image) => basename(image.path) === basename(path)) ?? gone[0];
    if (!taken) return null;
    const others = known.filter((image) => image !== taken).map(({ id }) => id);
    this.#byHash.set(sha256, others);
    return taken;
  }

  #readHashes(): Map<string, RecordId[]> {
    const byHash = new Map<string, RecordId[]>();
    for (const { image } of this.#database.exportImages()) {
      const same = byHash.get(image.sha256);
      if (same) same.push(image.id);
      else byHash.set(image.sha256, [image.id]);
    }
    return byHash;
  }

  async #isThere({ folderId, path }: ImageRecord): Promise<boolean> {
    const folder = this.#database.folders().find(({ id }) => id === folderId);
    if (!folder) return false;
    const root = resolve(dirname(this.#database.file), folder.path);
    return lstat(join(root, path)).then(
      () => true,
      (thrown: unknown) => {
        const { code } = thrown as NodeJS.ErrnoException;
        return code !== 'ENOENT' && code !== 'ENOTDIR';
      },
    );
  }
}
