import type { Person } from '../records.ts';

/** The longest name of a person, in characters. */
export const longestPersonName = 80;

/**
 * The person of a name; null for an empty one. The same name, in any case and on any machine, is
 * the same person, so that two merged projects agree about the author of each step.
 */
export function personOf(name: string | null | undefined): Person | null {
  const trimmed = (name ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  const kept = [...trimmed].slice(0, longestPersonName).join('');
  return kept === '' ? null : { id: `person:${kept.toLowerCase()}`, name: kept };
}
