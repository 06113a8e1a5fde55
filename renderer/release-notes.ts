import changelog from '../CHANGELOG.md?raw';

/**
 * The part of the changelog about a version, without its heading; what is not released yet where
 * it has none.
 */
export function releaseNotes(version: string, source: string = changelog): string {
  const parts = source.split(/^## /m).slice(1);
  const part = parts.find((known) => known.split('\n', 1)[0]!.includes(version)) ?? parts[0] ?? '';
  return part.slice(part.indexOf('\n') + 1).trim();
}
