import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { parseServerAddress, type ServerAddress } from '../core/server-address.ts';
import { loadModel } from './load-model.ts';
import type { LoadOptions } from './model.ts';
import { makeFolder } from './package/make-folder.ts';
import type { Manifest } from './package/manifest.ts';
import { manifestFile } from './package/package.ts';
import { families } from './registry.ts';
import { modelFailure } from './sentences.ts';

/** Information that people give about a model that a server runs. */
export interface ServerOptions {
  /** Lower-case letters, digits, dots and hyphens. */
  readonly id: string;
  readonly title: string;
  /** The server's own name of the model. */
  readonly model: string;
  readonly license?: string;
}

/** @throws AppError `invalid-input` when the text is no address of a server. */
export function requireServerAddress(text: string): ServerAddress {
  const address = parseServerAddress(text);
  if (address) return address;
  // The typed text may hold a password.
  const found = text.replace(/^.*@/s, '…@').replace(/[?#].*/s, '?…');
  throw modelFailure('invalid-input', 'serverAddressUnusable', { found });
}

/**
 * Makes a package of a model that a server runs, and connects to it once. The target appears
 * complete or not at all.
 * @throws AppError `already-exists`, or what the server makes of the connection
 */
export async function packServer(
  address: ServerAddress,
  targetDirectory: string,
  { id, title, model, license = 'as the operator of the server states' }: ServerOptions,
  options: LoadOptions,
): Promise<Manifest> {
  const family = families.find(({ server }) => server !== undefined);
  if (!family?.server) throw new AppError('internal', 'No family of models runs on a server.');
  const manifest = family.manifest.parse({
    formatVersion: 1,
    family: family.id,
    id,
    version: '1.0.0',
    title,
    description: '',
    license,
    source: { url: address.url, revision: model },
    precision: 'server',
    tasks: family.tasks,
    prompts: [],
    config: family.server.describe(address, model),
    graphs: {},
    files: [],
    memory: { weightsBytes: 0, workingBytes: 0 },
  });
  return makeFolder(targetDirectory, async (draft) => {
    await writeFile(join(draft, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    const loaded = await loadModel(draft, options);
    await loaded.dispose();
    return manifest;
  });
}
