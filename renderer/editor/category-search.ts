import { CategoryNames } from '../../core/project/category-names.ts';
import type { Category } from '../../core/records.ts';

/** How well a name fits what was typed, the best first. */
const kinds = ['same', 'start', 'word', 'part', 'letters'] as const;
type Kind = (typeof kinds)[number];

export interface CategorySearch {
  /** The best first. */
  readonly found: readonly Category[];
  /** Whether a category is called so, by the rule of {@link CategoryNames}. */
  readonly isKnown: boolean;
  /** Whether the first is one that a person who typed this is likely to mean. */
  readonly isLikely: boolean;
}

/**
 * Finds categories by some of the letters of their names, in order; "tl" finds "traffic light".
 * @param recent names in the order in which they come first where all else is equal
 */
export function searchCategories(
  typed: string,
  categories: readonly Category[],
  recent: readonly string[] = [],
): CategorySearch {
  const query = plain(typed);
  const lastUse = new Map(recent.map((name, index) => [name, index]));
  const useOf = ({ name }: Category) => lastUse.get(name) ?? recent.length;
  const fits = categories.flatMap((category) => {
    const kind = kindOf(query, plain(category.name));
    return kind === null ? [] : [{ category, kind }];
  });
  fits.sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      useOf(a.category) - useOf(b.category) ||
      (query === '' ? 0 : a.category.name.length - b.category.name.length),
  );
  const known = new CategoryNames(categories).find(typed.trim());
  const found = fits.map(({ category }) => category);
  return {
    found: known ? [known, ...found.filter((category) => category !== known)] : found,
    isKnown: known !== null,
    isLikely: known !== null || (fits.length > 0 && fits[0]!.kind !== 'letters'),
  };
}

function plain(name: string): string {
  return name.normalize('NFC').trim().toLocaleLowerCase();
}

function kindOf(query: string, name: string): Kind | null {
  if (name === query) return 'same';
  if (name.startsWith(query)) return 'start';
  const at = name.indexOf(query);
  if (at > 0) return /[\p{L}\p{N}]/u.test(name[at - 1]!) ? 'part' : 'word';
  let from = 0;
  for (const letter of query) {
    from = name.indexOf(letter, from) + 1;
    if (from === 0) return null;
  }
  return 'letters';
}
