import { parseServerAddress } from '../core/server-address.ts';
import type { Family } from './family.ts';
import type { Manifest } from './package/manifest.ts';
import { modelFailure } from './sentences.ts';

/**
 * Passes where photos stay on this computer, or go to a server that the person allowed. A package
 * may come from a stranger, so it cannot allow its own server.
 * @throws AppError `permission-denied`
 */
export function requireAllowedServer(
  { server }: Pick<Family, 'server'>,
  manifest: Manifest,
  allowed: readonly string[],
): void {
  if (!server) return;
  const address = parseServerAddress(server.addressOf(manifest));
  if (address && (address.isLoopback || allowed.includes(address.origin))) return;
  const origin = address?.origin ?? server.addressOf(manifest);
  throw modelFailure('permission-denied', 'serverNotAllowed', { id: manifest.id, origin });
}
