import type { z } from 'zod';
import { failure } from '../../core/errors.ts';

/**
 * What a column that holds JSON says, once it is what its record needs.
 * @param subject the record, for the message
 * @param isPlain tells values that the schema takes as they are, faster than it
 * @throws AppError `database-corrupt`, naming record and column.
 */
export function readStoredJson<Schema extends z.ZodType>(
  json: string,
  schema: Schema,
  column: string,
  subject: { readonly kind: 'image' | 'annotation' | 'category'; readonly id: string },
  isPlain: (value: unknown) => boolean = () => false,
): z.output<Schema> {
  const value = parse(json);
  if (isPlain(value)) return value as z.output<Schema>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw failure('database-corrupt', 'recordUnreadable', { ...subject, column });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // No schema of a column takes it.
  }
}
