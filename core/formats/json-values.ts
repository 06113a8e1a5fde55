import type { z } from 'zod';
import { attributeValueSchema, type AttributeValue } from '../records.ts';

/** Values of JSON files, before anybody knows what they are. */

export type JsonObject = Readonly<Record<string, unknown>>;
type Json = z.infer<ReturnType<typeof z.json>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list, or none where there is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The entries of a JSON object besides the given keys. */
export function otherKeys(value: JsonObject, known: readonly string[]): Record<string, Json> {
  // Most rows have none, and lists for each row would be much to clear away.
  let others: [string, Json][] | null = null;
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) (others ??= []).push([key, value[key] as Json]);
  }
  return others ? Object.fromEntries(others) : {};
}

/** Attributes with simple values, and those that we do not model. */
export function splitAttributes(value: unknown): {
  attributes: Record<string, AttributeValue>;
  others: Record<string, Json>;
} {
  const attributes: Record<string, AttributeValue> = {};
  const others: Record<string, Json> = {};
  for (const [name, held] of Object.entries(isObject(value) ? value : {})) {
    const parsed = attributeValueSchema.safeParse(held);
    if (parsed.success) attributes[name] = parsed.data;
    else others[name] = held as Json;
  }
  return { attributes, others };
}
