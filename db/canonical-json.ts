/** JSON with the keys of every object in rising order, so that equal values have the same text. */
export function canonicalJson(value: object): string {
  if (Array.isArray(value) && value.length === 0) return '[]';
  return JSON.stringify(withSortedKeys(value));
}

/** The value itself where its keys are in order. */
function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.every(isScalar) ? value : value.map(withSortedKeys);
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record);
  if (isRising(keys) && keys.every((key) => isScalar(record[key]))) return value;
  // Without a prototype, "__proto__" is a key like others.
  const sorted = Object.create(null) as Record<string, unknown>;
  for (const key of keys.sort()) sorted[key] = withSortedKeys(record[key]);
  return sorted;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isRising(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || keys[index - 1]! < key);
}
