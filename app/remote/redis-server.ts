import { Redis, type RedisOptions } from 'ioredis';
import { remoteFailure } from './sentences.ts';

/** A Redis server, and how to say which one without its password. */
export interface RedisServer {
  readonly shown: string;
  readonly connection: RedisOptions;
}

const answerMs = 5000;

/**
 * Reads the address of a Redis server. The password comes from the environment: an address is
 * shown, stored with a job, and seen by all in the list of processes.
 * @param address `redis://` or, encrypted, `rediss://`; with user and number of the database
 * @throws AppError `invalid-input`, also where it holds a password
 */
export function redisServer(
  address: string,
  { PIXELSAIL_REDIS_PASSWORD: password }: NodeJS.ProcessEnv = process.env,
): RedisServer {
  const url = URL.canParse(address) ? new URL(address) : null;
  const database = /^\/?(\d{0,4})$/.exec(url?.pathname ?? ' ')?.[1];
  const isRedis = url !== null && ['redis:', 'rediss:'].includes(url.protocol);
  if (!isRedis || url.hostname === '' || url.password !== '' || database === undefined) {
    const shown = address.replace(/\/\/.*@/, '//…@');
    throw remoteFailure('invalid-input', 'redisAddressInvalid', { address: shown });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 6379);
  const isEncrypted = url.protocol === 'rediss:';
  return {
    shown: `${url.protocol}//${url.hostname}:${port}`,
    connection: {
      host,
      port,
      db: Number(database),
      ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
      ...(password !== undefined && { password }),
      ...(isEncrypted && { tls: { servername: host } }),
      // While the server is away, commands wait for it.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * times, 2000),
    },
  };
}

/**
 * Asks the server for a sign of life.
 * @throws AppError `not-found` where it does not answer in time or refuses the password
 */
export async function requireRedis(
  { shown, connection }: RedisServer,
  patienceMs = answerMs,
): Promise<void> {
  const startedAtMs = performance.now();
  let reason = '';
  const redis = new Redis({
    ...connection,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', (error: Error) => (reason = error.message));
  const answered = redis.connect().then(() => redis.ping());
  // Something else may listen there, which takes the connection and never says a word.
  const late = setTimeout(() => redis.disconnect(), patienceMs);
  try {
    await answered;
  } catch (thrown) {
    const isLate = performance.now() - startedAtMs >= patienceMs;
    if (reason === '' && thrown instanceof Error && !isLate) reason = thrown.message;
    reason ||= `no answer in ${patienceMs / 1000} s`;
    throw remoteFailure('not-found', 'redisUnreachable', { address: shown, reason }, thrown);
  } finally {
    clearTimeout(late);
    redis.disconnect();
  }
}
