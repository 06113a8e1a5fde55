/**
 * The file of a thread of this folder: beside this one in the sources, in a fixed place of the
 * bundles.
 */
export function threadEntry(name: 'background-thread' | 'reader-thread' | 'step-thread'): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL(`${name}.ts`, here);
  const folder = '/dist/app/';
  return new URL(`${here.slice(0, here.lastIndexOf(folder) + folder.length)}db/${name}.mjs`);
}
