import type { Author, ProjectDatabase } from '../db/project-database.ts';

/** The windows that are open on this application, by their ids. */
export class Windows {
  readonly #open = new Set<string>();

  open(window: string): void {
    this.#open.add(window);
  }

  /** What it did is everybody's from now on. */
  close(window: string): void {
    this.#open.delete(window);
  }

  /** The open windows but one. */
  others(window: string): readonly string[] {
    return [...this.#open].filter((open) => open !== window);
  }

  /** A project as a window sees it; as it is, for whoever has none. */
  view(database: ProjectDatabase, window: string | undefined): ProjectDatabase {
    if (window === undefined) return database;
    const author: Author = { window, others: () => this.others(window) };
    return database.by(author);
  }
}
