import { join } from 'node:path';
import { z } from 'zod';
import type { ServerAddress } from '../../../core/server-address.ts';
import { readJson, writeDurably } from '../../files/durable-file.ts';
import { modelListFailure } from './sentences.ts';

const schema = z.array(z.string());
const fileOf = (home: string) => join(home, 'allowed-servers.json');

/**
 * The servers that the person allowed photos to be sent to, by origin; none at first. The list is
 * kept beside the settings, not in the packages, for these may come from others.
 */
export async function allowedServers(home: string): Promise<readonly string[]> {
  return (await readJson(fileOf(home), schema)) ?? [];
}

/**
 * Passes where photos stay on this computer, or where the person confirms or has confirmed that
 * they leave it; the confirmation is kept.
 * @throws AppError `permission-denied` that says where photos would go
 */
export async function confirmServer(
  home: string,
  { origin, isLoopback, isEncrypted }: ServerAddress,
  isConfirmed: boolean,
): Promise<void> {
  if (isLoopback) return;
  const allowed = await allowedServers(home);
  if (allowed.includes(origin)) return;
  if (!isConfirmed) {
    throw modelListFailure('permission-denied', 'serverUnconfirmed', { origin, isEncrypted });
  }
  await writeDurably(fileOf(home), JSON.stringify([...allowed, origin], null, 2));
}
