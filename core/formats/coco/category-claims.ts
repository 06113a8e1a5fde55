import { describe } from '../describe.ts';
import { parentOf, type CocoId } from './row.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row of `categories` that has an id. */
export interface CategoryClaim<Place> {
  readonly place: Place;
  readonly row: Row;
}

/** The meaning of an id among the categories of a file, once all their rows are known. */
export interface DecidedCategory<Id, Place> {
  readonly id: Id;
  /** Its rows. All but the first repeat it, unless the id is shared. */
  readonly claims: readonly [CategoryClaim<Place>, ...CategoryClaim<Place>[]];
  /** Its different categories as the file describes them; null for a single one. */
  readonly sharedBy: readonly string[] | null;
}

/**
 * The rows of a file's categories by their ids. An id of several categories names none of them,
 * because an annotation with it may mean each; so the decision waits for the last row.
 */
export class CategoryClaims<Id extends CocoId, Place> {
  readonly #claims = new Map<Id, [CategoryClaim<Place>, ...CategoryClaim<Place>[]]>();

  add(id: Id, place: Place, row: Row): void {
    const others = this.#claims.get(id);
    if (others) others.push({ place, row });
    else this.#claims.set(id, [{ place, row }]);
  }

  /** The decision about each id, in the order of their first rows; the rows are let go. */
  *take(): Generator<DecidedCategory<Id, Place>> {
    for (const [id, claims] of this.#claims) {
      const meanings = new Map(claims.map(({ row }) => [meaningOf(row), row]));
      const different = meanings.size > 1 ? described([...meanings.values()]) : null;
      yield { id, claims, sharedBy: different };
    }
    this.#claims.clear();
  }
}

/** Rows with the same id that agree in this are one category. */
function meaningOf(row: Row): string {
  const { name, keypoints, skeleton } = row;
  return JSON.stringify([name, parentOf(row), keypoints, skeleton]);
}

/** The names, and the supercategories where the names do not tell the rows apart. */
function described(rows: readonly Row[]): string[] {
  const names = rows.map(({ name }) => describe(name));
  if (new Set(names).size === names.length) return names;
  return rows.map((row, index) => `${names[index]} (supercategory ${describe(parentOf(row))})`);
}
