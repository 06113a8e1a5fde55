import type { Diff } from '../../../core/diff.ts';
import { projectRecordSchema, type ProjectRecord } from '../../../core/records.ts';
import { isRecord } from './plain-json.ts';
import { isPlainRecord } from './plain-records.ts';

/**
 * The diff that parsed JSON is, as `diffSchema` of core/diff.ts reads it, but without a parser for
 * most records; null where it is none.
 */
export function diffIn(value: unknown): Diff | null {
  if (!isRecord(value)) return null;
  const added = mapIn(value['added'], recordIn);
  const updated = mapIn(value['updated'], pairIn);
  const removed = mapIn(value['removed'], recordIn);
  return added && updated && removed && { added, updated, removed };
}

/** Without a prototype, an object takes thousands of keys four times as fast. */
function mapIn<Value>(
  value: unknown,
  read: (entry: unknown) => Value | null,
): Record<string, Value> | null {
  if (!isRecord(value)) return null;
  const map = Object.create(null) as Record<string, Value>;
  for (const id in value) {
    if (id === '__proto__') continue;
    const entry = read(value[id]);
    if (entry === null) return null;
    map[id] = entry;
  }
  return map;
}

function recordIn(value: unknown): ProjectRecord | null {
  if (isPlainRecord(value)) return value as ProjectRecord;
  const parsed = projectRecordSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function pairIn(value: unknown): [ProjectRecord, ProjectRecord] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [from, to] = value.map(recordIn);
  return from && to ? [from, to] : null;
}
