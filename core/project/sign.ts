import type { Diff } from '../diff.ts';
import type { Person, ProjectRecord } from '../records.ts';

/**
 * A change with the name of the person who makes it on what it brings: new annotations, items and
 * reviews, and words and masks that it says a person made. A record with a name keeps it. Pure.
 */
export function signDiff(diff: Diff, person: Person | null): Diff {
  if (!person) return diff;
  const added = Object.entries(diff.added).map(([id, record]) => [id, signed(record, person)]);
  const updated = Object.entries(diff.updated).map(([id, [from, to]]) => {
    return [id, [from, isByPerson(to) && !isByPerson(from) ? signed(to, person) : to]];
  });
  return {
    ...diff,
    added: Object.fromEntries(added) as Diff['added'],
    updated: Object.fromEntries(updated) as Diff['updated'],
  };
}

function isByPerson(record: ProjectRecord): boolean {
  return 'provenance' in record && record.provenance.source === 'person';
}

function signed(record: ProjectRecord, { id }: Person): ProjectRecord {
  switch (record.kind) {
    case 'annotation':
      return { ...record, provenance: { by: id, ...record.provenance } };
    case 'item':
      return {
        ...record,
        author: record.author ?? id,
        provenance: { by: id, ...record.provenance },
      };
    case 'review':
      return { ...record, reviewer: record.reviewer ?? id };
    case 'image':
    case 'category':
      return record;
  }
}
