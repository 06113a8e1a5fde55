import { build } from 'electron-builder';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './bundles.ts';

// `npm run pack`: the unpacked application in release/, for a look at what an installer would hold. Works
// without a network where an Electron lies unpacked: the installed one, or the one that tests use.

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const electronDist = findElectron();
if (electronDist) console.log(`Packing with the Electron in ${electronDist}`);
await buildAll();
const [folder] = await build({
  dir: true,
  publish: 'never',
  config: { extends: 'electron-builder.yml', ...(electronDist && { electronDist }) },
});
console.log(`Packed ${folder ?? 'release/'}`);

/** Null lets electron-builder fetch the version that package.json names. */
function findElectron(): string | null {
  const installed = join('node_modules', 'electron', 'dist');
  if (existsSync(installed)) return installed;
  const forTests = join('.cache', 'electron-runtime', 'electron-25');
  if (process.platform !== 'linux' || !existsSync(forTests)) return null;
  // Without the link to the sources that the tests put there, which would hide the packed application.
  const copy = join('.cache', 'electron-runtime', 'to-pack');
  rmSync(copy, { recursive: true, force: true });
  const unwanted = new Set(['app', '@wingconsoledesktop']);
  cpSync(forTests, copy, {
    recursive: true,
    filter: (path) => !unwanted.has(path.split('/').at(-1)!),
  });
  return copy;
}
