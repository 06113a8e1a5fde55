import type { RecordId } from '../records.ts';

/** Assignment of reviewers to subjects. */
export interface Assignment {
  /**
   * Ids of the people among whom the work is shared out; without any, everybody may review
   * everything.
   */
  readonly reviewers: readonly RecordId[];
  /** How many of them review each thing. */
  readonly each: number;
}

/**
 * Whether a person is to review a thing. The choice depends on the ids alone, so that every machine
 * makes the same one, and it stays when people are added, but for what they take over. Pure.
 */
export function isAssigned(
  subjectId: RecordId,
  person: RecordId | null,
  { reviewers, each }: Assignment,
): boolean {
  if (reviewers.length === 0) return true;
  if (person === null || !reviewers.includes(person)) return false;
  const rank = (id: RecordId) => hash(`${subjectId} ${id}`);
  const before = reviewers.filter((other) => other !== person && rank(other) < rank(person));
  return before.length < each;
}

/** FNV-1a, with its bits mixed once more, for ids that differ in their last characters only. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const character of text) {
    state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
}
