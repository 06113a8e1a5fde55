import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Diff } from '../../core/diff.ts';
import { failure } from '../../core/errors.ts';
import { projectRecordSchema, type ProjectRecord, type RecordId } from '../../core/records.ts';
import { isPlainAnnotation, isRecord } from './plain-json.ts';
import { parseStored } from './stored-json.ts';

/** A diff in two columns of the journal. */
export type StoredDiff = {
  readonly encoding: 'json' | 'deflate';
  readonly diff: Uint8Array;
};

/** Below this many characters compression saves less than it costs. */
const compressFrom = 1024;

export function encodeDiff(diff: Diff): StoredDiff {
  const json = JSON.stringify(diff);
  return json.length < compressFrom
    ? { encoding: 'json', diff: Buffer.from(json) }
    : { encoding: 'deflate', diff: deflateRawSync(json, { level: 1 }) };
}

/** @throws AppError `database-corrupt` naming the subject, where it is no diff. */
export function readDiff(
  stored: StoredDiff,
  subject: { readonly kind: 'journal step'; readonly id: string },
): Diff {
  const value = parseStored(jsonOf(stored));
  const diff = isRecord(value) ? diffOf(value) : null;
  if (diff) return diff;
  throw failure('database-corrupt', 'recordUnreadable', { ...subject, column: 'diff' });
}

function diffOf({ added, updated, removed }: Readonly<Record<string, unknown>>): Diff | null {
  const maps = {
    added: mapOf(added, recordOf),
    updated: mapOf(updated, pairOf),
    removed: mapOf(removed, recordOf),
  };
  return maps.added && maps.updated && maps.removed ? (maps as Diff) : null;
}

/** The values by their ids; null where one is not what it should be. */
function mapOf<Value>(
  map: unknown,
  valueOf: (value: unknown) => Value | null,
): Record<RecordId, Value> | null {
  if (!isRecord(map)) return null;
  const read = Object.create(null) as Record<RecordId, Value>;
  for (const id of Object.keys(map)) {
    const value = valueOf(map[id]);
    if (value === null) return null;
    read[id] = value;
  }
  return read;
}

function recordOf(value: unknown): ProjectRecord | null {
  if (isPlainAnnotation(value)) return value as ProjectRecord;
  return projectRecordSchema.safeParse(value).data ?? null;
}

function pairOf(value: unknown): [ProjectRecord, ProjectRecord] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [from, to] = [recordOf(value[0]), recordOf(value[1])];
  return from && to && [from, to];
}

/** More than a diff of the largest records comes to; a few bytes of a stranger's could inflate to all of the memory. */
const longestDiffBytes = 2 ** 28;

/** Bytes; a diff of a thousand records comes in one piece or two, not in fifty. */
const inflatedAtOnce = 1 << 19;

/** The JSON of a diff; nothing, which is no JSON, where its bytes are damaged. */
function jsonOf({ encoding, diff }: StoredDiff): string {
  if (encoding !== 'deflate') return Buffer.from(diff).toString('utf8');
  try {
    const limits = { maxOutputLength: longestDiffBytes, chunkSize: inflatedAtOnce };
    return inflateRawSync(diff, limits).toString('utf8');
  } catch {
    return '';
  }
}
