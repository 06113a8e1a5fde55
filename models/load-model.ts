import { join } from 'node:path';
import { requireAllowedServer } from './allowed-server.ts';
import type { Family } from './family.ts';
import type { LoadOptions, Model } from './model.ts';
import { openDevice } from './onnx/device.ts';
import { manifestFile, packageHash } from './package/package.ts';
import { findFamily, verifyPackage } from './registry.ts';

/**
 * Loads a model package of any family and opens it on a device; `device` of the result says on
 * which, and why not on a better one.
 * @throws AppError `package-invalid` when a file is missing, damaged or not what the manifest says;
 *   `permission-denied` when its server was not allowed
 */
export async function loadModel(
  directory: string,
  options: LoadOptions = {},
  known?: readonly Family[],
): Promise<Model> {
  const manifest = await verifyPackage(directory, known);
  const family = findFamily(manifest.family, join(directory, manifestFile), known);
  requireAllowedServer(family, manifest, options.allowedServers ?? []);
  const runtime = await family.runtime();
  const hash = packageHash(manifest);
  if ('connect' in runtime) return runtime.connect({ directory, manifest, hash }, options);
  const graphs = Object.fromEntries(
    family.graphRoles.map((role) => [role, manifest.graphs[role]!]),
  );
  const device = await openDevice(
    { directory, graphs, hash },
    runtime.selfTest(manifest),
    options.device ?? 'auto',
    options.threads,
    options.cpu,
  );
  try {
    return await runtime.load({ directory, manifest, hash }, device, options);
  } catch (thrown) {
    await device.lease.release();
    throw thrown;
  }
}
