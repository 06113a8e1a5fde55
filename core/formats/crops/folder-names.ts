import type { SourceCategory } from '../dataset-row.ts';

/** Characters that some file systems do not allow in names. */
// eslint-disable-next-line no-control-regex -- these are the characters that Windows refuses
const refused = /[\0-\x1f<>:"/\\|?*]+/g;
const device = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Names of folders, one for each category, which every disk takes and tells apart. By export id.
 */
export function folderNames(categories: readonly SourceCategory[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const { exportId, category } of categories) {
    const plain = category.name
      .normalize('NFC')
      .replace(refused, '-')
      .replace(/[. ]+$/, '')
      .trim();
    const first = plain === '' || plain.startsWith('.') || device.test(plain) ? `_${plain}` : plain;
    let name = first;
    // Some disks do not tell upper from lower case.
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${first}-${count}`;
    taken.add(name.toLowerCase());
    names.set(exportId, name);
  }
  return names;
}
