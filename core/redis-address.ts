/** The parts of the address of a Redis server; without a password, which no address may hold. */
export interface RedisAddress {
  readonly isEncrypted: boolean;
  /** An IPv6 address is in brackets. */
  readonly host: string;
  readonly port: number;
  readonly database: number;
  /** Empty: the user that the server takes by default. */
  readonly user: string;
}

/**
 * Reads `redis://` or, encrypted, `rediss://`, with host, user, port and number of the database.
 * An address is shown, stored with settings and jobs, and seen by all in the list of processes.
 * @returns null for any other text, also where it holds a password or may hold one, as after `?`
 */
export function parseRedisAddress(text: string): RedisAddress | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text);
  const database = /^\/?(\d{0,4})$/.exec(pathname)?.[1];
  const user = decoded(username);
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '') return null;
  if (database === undefined || user === null || password + search + hash !== '') return null;
  return {
    isEncrypted: protocol === 'rediss:',
    host: hostname,
    port: Number(port || 6379),
    database: Number(database),
    user,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
