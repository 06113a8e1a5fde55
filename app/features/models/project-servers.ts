import { join } from 'node:path';
import { z } from 'zod';
import { parseServerAddress } from '../../../core/server-address.ts';
import type { InstalledModel } from '../../api/contract/models.ts';
import { readJson, writeDurably } from '../../files/durable-file.ts';
import { modelListFailure } from './sentences.ts';

const schema = z.array(z.object({ file: z.string(), createdAtMs: z.number(), origin: z.string() }));
const fileOf = (home: string) => join(home, 'project-servers.json');

/** A project as it is known again; one that takes its place was made at another time. */
export interface KnownProject {
  readonly file: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/**
 * Passes where the model that a project chose leaves its photos on this computer, or where the
 * person agrees or has agreed that this project's photos go to the model's server. The agreement is
 * kept in the user's folder, not in the project, for that may come from a stranger.
 * @throws AppError `permission-denied` that says where photos would go
 */
export async function requireAgreement(
  home: string,
  { file, name, createdAtMs }: KnownProject,
  { title, server }: Pick<InstalledModel, 'title' | 'server'>,
  isConfirmed: boolean,
): Promise<void> {
  if (server === null) return;
  const address = parseServerAddress(server);
  if (address?.isLoopback) return;
  const origin = address?.origin ?? server;
  const agreed = (await readJson(fileOf(home), schema)) ?? [];
  const isThis = (each: (typeof agreed)[number]): boolean =>
    each.file === file && each.createdAtMs === createdAtMs && each.origin === origin;
  if (agreed.some(isThis)) return;
  if (!isConfirmed) {
    const isEncrypted = address?.isEncrypted ?? false;
    const parts = { project: name, title, origin, isEncrypted };
    throw modelListFailure('permission-denied', 'serverOfProject', parts);
  }
  const now = [...agreed, { file, createdAtMs, origin }];
  await writeDurably(fileOf(home), JSON.stringify(now, null, 2));
}
