import type { Person } from '../core/records.ts';
import type { Author, ProjectDatabase } from '../db/project-database.ts';

/** The windows that are open on this application, by their ids. */
export class Windows {
  /** Who works in them; null where nobody has said. */
  person: Person | null = null;
  readonly #open = new Set<string>();
  /** Those in which somebody reviews, who must not know what others wrote and said. */
  readonly #blind = new Set<string>();

  open(window: string): void {
    this.#open.add(window);
  }

  /** What it did is everybody's from now on. */
  close(window: string): void {
    this.#blind.delete(window);
    this.#open.delete(window);
  }

  setBlind(window: string | undefined, isBlind: boolean): void {
    if (window === undefined) return;
    if (isBlind) this.#blind.add(window);
    else this.#blind.delete(window);
  }

  get isAnyBlind(): boolean {
    return this.#blind.size > 0;
  }

  /** The open windows but one. */
  others(window: string): readonly string[] {
    return [...this.#open].filter((open) => open !== window);
  }

  /** A project as the person in a window sees it; whoever has none sees the steps of all. */
  view(database: ProjectDatabase, window: string | undefined): ProjectDatabase {
    const author: Author = {
      window: window ?? null,
      person: this.person,
      others: () => (window === undefined ? [] : this.others(window)),
    };
    return database.by(author);
  }
}
