import { replacements, type Diff } from '../diff.ts';
import type { ImageRecord, RecordId } from '../records.ts';

/**
 * Changed fields of an existing image. A dataset may list a hundred thousand images, so no second
 * record of each is held.
 */
export class ChangedImage {
  readonly from: ImageRecord;
  state: ImageRecord['state'];
  split: ImageRecord['split'];
  /** Keys that `from` does not have, or has with other values. */
  #extra: ImageRecord['extra'] | null = null;
  #id: string | number | null = null;

  constructor(from: ImageRecord) {
    this.from = from;
    this.state = from.state;
    this.split = from.split;
  }

  /** Adds keys to the image's `extra`, or replaces them. */
  addExtra(extra: ImageRecord['extra']): void {
    if (Object.keys(extra).length > 0) this.#extra = { ...this.#extra, ...extra };
  }

  /** The number of the image in its file; it is no reason by itself to change the image. */
  keepId(id: string | number): void {
    this.#id ??= id;
  }

  /** The image as it is to be. The number that the first file gave stays. */
  get to(): ImageRecord {
    const { from, state, split } = this;
    const isChanged = state !== from.state || split !== from.split || this.#extra !== null;
    const id = isChanged && this.#id !== null && from.extra['id'] === undefined ? this.#id : null;
    const extra = { ...(id !== null && { id }), ...from.extra, ...this.#extra };
    return { ...from, state, split, extra };
  }
}

/** Images in one part of what is left to be written. */
const changedAtOnce = 1000;

/**
 * The changes of those images that do change, some at a time; each is let go when it has been
 * given.
 */
export function* changesOf<Change extends { readonly from: ImageRecord; readonly to: ImageRecord }>(
  images: Map<RecordId, Change>,
): Generator<Diff> {
  let changed: [from: ImageRecord, to: ImageRecord][] = [];
  for (const [id, { from, to }] of images) {
    images.delete(id);
    if (JSON.stringify(from) !== JSON.stringify(to)) changed.push([from, to]);
    if (changed.length < changedAtOnce) continue;
    yield replacements(changed);
    changed = [];
  }
  yield replacements(changed);
}
