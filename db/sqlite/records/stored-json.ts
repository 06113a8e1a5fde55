import type { z } from 'zod';
import type { RecordKind } from '../../../core/records.ts';
import { recordFailure } from './sentences.ts';

/**
 * The validated value of a JSON column.
 * @param subject the record, for the message
 * @param isPlain tells values that the schema takes as they are, faster than it
 * @throws AppError `database-corrupt`, naming record and column.
 */
export function readStoredJson<Schema extends z.ZodType>(
  json: string,
  schema: Schema,
  column: string,
  subject: {
    readonly kind: RecordKind | 'journal step';
    readonly id: string;
  },
  isPlain: (value: unknown) => boolean = () => false,
): z.output<Schema> {
  // Most columns of most records, and not worth a parser.
  const value = json === '{}' ? {} : json === '[]' ? [] : parseStored(json);
  if (isPlain(value)) return value as z.output<Schema>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw recordFailure('database-corrupt', 'recordUnreadable', { ...subject, column });
}

/** The parsed JSON; undefined for invalid JSON, which no column schema accepts. */
export function parseStored(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
