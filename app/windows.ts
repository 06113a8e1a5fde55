import type { Person, RecordId } from '../core/records.ts';
import type { Author, ProjectDatabase } from '../db/project-database.ts';
import type { PresentWindow } from './api/contract/people.ts';

interface OpenWindow {
  /** The person who came by a link of their own; null in a window of this machine's user. */
  readonly person: Person | null;
  readonly imageId: RecordId | null;
}

/** The windows that are open on this application, by their ids. */
export class Windows {
  /** Who works in those that no link was made for; null where nobody has said. */
  person: Person | null = null;
  readonly #open = new Map<string, OpenWindow>();
  /** Those in which somebody reviews, who must not know what others wrote and said. */
  readonly #blind = new Set<string>();
  readonly #onChange: (present: readonly PresentWindow[]) => void;

  /** @param onChange hears who is there whenever that changes */
  constructor(onChange: (present: readonly PresentWindow[]) => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** @param person who came by a link of their own */
  open(window: string, person: Person | null = null): void {
    this.#open.set(window, { person, imageId: null });
    this.#onChange(this.present());
  }

  /** Its steps belong to everybody from now on. */
  close(window: string): void {
    this.#blind.delete(window);
    this.#open.delete(window);
    this.#onChange(this.present());
  }

  /** Notes who works in windows that no link was made for. */
  setPerson(person: Person | null): void {
    this.person = person;
    this.#onChange(this.present());
  }

  /** Who works in a window. */
  personIn(window: string | undefined): Person | null {
    return this.linkedPerson(window) ?? this.person;
  }

  /** Who came to a window by a link of their own; null for others. */
  linkedPerson(window: string | undefined): Person | null {
    return this.#open.get(window ?? '')?.person ?? null;
  }

  /** Notes another name of a person who came by a link. */
  rename(window: string, person: Person | null): void {
    const known = this.#open.get(window);
    if (!known) return;
    this.#open.set(window, { ...known, person });
    this.#onChange(this.present());
  }

  /** Notes which image a window shows. */
  show(window: string | undefined, imageId: RecordId | null): void {
    const known = this.#open.get(window ?? '');
    if (window === undefined || !known || known.imageId === imageId) return;
    this.#open.set(window, { ...known, imageId });
    this.#onChange(this.present());
  }

  /** Who is there, and on which image. */
  present(): readonly PresentWindow[] {
    return [...this.#open].map(([window, { imageId }]) => {
      return { window, imageId, name: this.personIn(window)?.name ?? null };
    });
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
    return [...this.#open.keys()].filter((open) => open !== window);
  }

  /** A project as the person in a window sees it; without a person it shows the steps of all. */
  view(database: ProjectDatabase, window: string | undefined): ProjectDatabase {
    const author: Author = {
      window: window ?? null,
      person: this.personIn(window),
      others: () => (window === undefined ? [] : this.others(window)),
    };
    return database.by(author);
  }
}
