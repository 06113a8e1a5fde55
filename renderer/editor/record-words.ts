import type { Category, ProjectRecord } from '../../core/records.ts';
import { text } from '../i18n/text.svelte.ts';

/**
 * The values of some fields of a record as text, for a person who compares it with another version
 * of it; null: it is gone.
 */
export function recordWords(
  record: ProjectRecord | null,
  fields: readonly string[],
  categories: readonly Category[],
): string {
  if (record === null) return text.handout.removed;
  if (record.kind === 'item' && (fields.length === 0 || fields.includes('content'))) {
    return Object.values(record.content).flat().join(' · ');
  }
  const known = new Map(Object.entries(record));
  const shown = fields.filter((field) => !unshown.includes(field));
  if (shown.length === 0) return text.handout.kept;
  return shown
    .map((field) => `${nameOf(field)}: ${wordsOf(field, known.get(field), categories)}`)
    .join(', ');
}

/** Fields that follow from the shape, and the time of the change. */
const unshown: readonly string[] = ['bbox', 'area', 'updatedAtMs'];

function nameOf(field: string): string {
  return (text.handout.fields as Readonly<Record<string, string>>)[field] ?? field;
}

function wordsOf(field: string, value: unknown, categories: readonly Category[]): string {
  if (field === 'categoryId') {
    return categories.find(({ id }) => id === value)?.name ?? text.regions.noCategory;
  }
  if (field === 'geometry') return text.handout.anotherShape;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
