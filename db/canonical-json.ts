/**
 * JSON with the keys of every object in rising order, so that equal values have the same text. A
 * key named "__proto__", which no reading of a record gives (zod leaves it out), is left out.
 */
export function canonicalJson(value: object): string {
  if (Array.isArray(value) && value.length === 0) return '[]';
  if (!Array.isArray(value) && Object.keys(value).length === 0) return '{}';
  return JSON.stringify(withSortedKeys(value));
}

/** The value itself where its keys are in order. */
function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.every(isScalar) ? value : value.map(withSortedKeys);
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record);
  const isPlain = (key: string): boolean => key !== '__proto__' && isScalar(record[key]);
  if (isRising(keys) && keys.every(isPlain)) return value;
  const sorted: Record<string, unknown> = {};
  for (const key of keys.sort()) {
    if (key !== '__proto__') sorted[key] = withSortedKeys(record[key]);
  }
  return sorted;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isRising(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || keys[index - 1]! < key);
}
