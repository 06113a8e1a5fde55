/** Work by the path that it makes: who asks for it while it is under way waits for the same. */
export class UnderWay<Made> {
  readonly #works = new Map<string, Promise<Made>>();

  /** The result of `make`, which is not called again before it has ended. */
  once(path: string, make: () => Promise<Made>): Promise<Made> {
    const known = this.#works.get(path);
    if (known) return known;
    const made = make().finally(() => this.#works.delete(path));
    this.#works.set(path, made);
    return made;
  }
}
