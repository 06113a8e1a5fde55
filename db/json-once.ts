const known = new WeakMap<object, string>();

/**
 * The JSON of a value that is never mutated, made once: an annotation's geometry is most of what a change writes, to its row and
 * to the journal.
 */
export function jsonOnce(value: object): string {
  const before = known.get(value);
  if (before !== undefined) return before;
  const json = JSON.stringify(value);
  known.set(value, json);
  return json;
}
