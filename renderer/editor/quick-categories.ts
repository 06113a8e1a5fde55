import type { RecordId } from '../../core/records.ts';

const slots = 9;

/**
 * The categories on the number keys 1 to 9. A category keeps its key while it has one, so that hands can learn
 * it; a new one takes a free key, or that of the category not used for longest.
 */
export class QuickCategories {
  readonly ids: readonly RecordId[];
  readonly #lastUsed: ReadonlyMap<RecordId, number>;

  constructor(ids: readonly RecordId[] = [], lastUsed: ReadonlyMap<RecordId, number> = new Map()) {
    this.ids = ids.slice(0, slots);
    this.#lastUsed = lastUsed;
  }

  use(id: RecordId): QuickCategories {
    const now = Math.max(0, ...this.#lastUsed.values()) + 1;
    const lastUsed = new Map(this.#lastUsed).set(id, now);
    if (this.ids.includes(id)) return new QuickCategories(this.ids, lastUsed);
    if (this.ids.length < slots) return new QuickCategories([...this.ids, id], lastUsed);
    const age = (known: RecordId) => lastUsed.get(known) ?? 0;
    const oldest = this.ids.reduce((a, b) => (age(b) < age(a) ? b : a));
    return new QuickCategories(
      this.ids.map((known) => (known === oldest ? id : known)),
      lastUsed,
    );
  }
}
