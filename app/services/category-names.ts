import { newId } from '../../core/ids.ts';
import type { Category, RecordId } from '../../core/records.ts';

/** The golden angle: colours of neighbours in the list stay far apart, however many there are. */
const hueStep = 137.508;

/** The ids of categories by name, and those that must be added because the project has none of that name. */
export function categoriesFor(
  present: readonly Category[],
  names: readonly string[],
): { ids: ReadonlyMap<string, RecordId>; added: Category[] } {
  const ids = new Map(present.map(({ name, id }) => [name, id]));
  const added: Category[] = [];
  for (const name of names) {
    if (ids.has(name)) continue;
    const category = newCategory(name, present.length + added.length);
    added.push(category);
    ids.set(name, category.id);
  }
  return { ids, added };
}

function newCategory(name: string, index: number): Category {
  const color = hueColor((index * hueStep) % 360);
  return { kind: 'category', id: newId(), name, parentId: null, color, attributes: [], extra: {} };
}

/** A bright colour of the hue (degrees) as #rrggbb. */
function hueColor(hue: number): string {
  const channel = (offset: number) => {
    const position = (offset + hue / 30) % 12;
    const value = 0.55 - 0.4 * Math.max(-1, Math.min(position - 3, 9 - position, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
