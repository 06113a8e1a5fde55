/** A value as it would stand in the file, cut short. */
export function describe(value: unknown): string {
  return cutShort(value, 40);
}

/** A file name as it would stand in the file: long enough that the file can be found. */
export function describeName(fileName: string): string {
  return cutShort(fileName, 1024);
}

function cutShort(value: unknown, longest: number): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
