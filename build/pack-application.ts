import { build, type Configuration } from 'electron-builder';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Packs what lies in dist/ into release/: as a folder to look at, or as this platform's
 * installers. A folder can be packed without a network where an Electron lies unpacked: the
 * installed one, or the one that tests use.
 *
 * `PIXELSAIL_UPDATE_URL` names the place that installers are offered from; then the feed files
 * (latest*.yml) are written beside them. The application itself asks nobody for updates: it talks
 * to no server, and an updater that runs unsigned installers would be worse than none. A
 * distributor of signed builds adds electron-updater and finds the feed ready.
 * @returns the folder or the files that were made
 */
export async function packApplication({ asFolder }: { asFolder: boolean }): Promise<string[]> {
  const electronDist = asFolder ? findElectron() : null;
  if (electronDist) console.log(`Packing with the Electron in ${electronDist}`);
  const config = packConfiguration(process.env.PIXELSAIL_UPDATE_URL);
  return build({
    dir: asFolder,
    publish: 'never',
    config: { ...config, ...(electronDist && { electronDist }) },
  });
}

/**
 * Settings of electron-builder besides electron-builder.yml.
 * @param updateUrl where installers are offered from, if anywhere
 */
export function packConfiguration(updateUrl: string | undefined): Configuration {
  return {
    extends: 'electron-builder.yml',
    publish: updateUrl ? { provider: 'generic', url: updateUrl } : null,
  };
}

/** Null lets electron-builder fetch the version that package.json names. */
function findElectron(): string | null {
  const installed = join('node_modules', 'electron', 'dist');
  if (existsSync(installed)) return installed;
  const forTests = join('.cache', 'electron-runtime', 'electron-25');
  if (process.platform !== 'linux' || !existsSync(forTests)) return null;
  // Without the link to the sources that the tests put there, which would hide the packed
  // application.
  const copy = join('.cache', 'electron-runtime', 'to-pack');
  rmSync(copy, { recursive: true, force: true });
  const unwanted = new Set(['app', '@wingconsoledesktop']);
  cpSync(forTests, copy, {
    recursive: true,
    filter: (path) => !unwanted.has(path.split('/').at(-1)!),
  });
  return copy;
}
