/**
 * The names that a dataset gives to the keys of its classes (numbers, colours, labels). A key of
 * several names means none of them.
 */
export class ClaimedNames<Key> {
  readonly #names = new Map<Key, string[]>();

  add(key: Key, name: string): void {
    const names = this.#names.get(key);
    if (!names) this.#names.set(key, [name]);
    else if (!names.includes(name)) names.push(name);
  }

  /** The names of a key that has several; null for others. */
  sharedBy(key: Key): readonly string[] | null {
    const names = this.#names.get(key) ?? [];
    return names.length > 1 ? names : null;
  }
}
