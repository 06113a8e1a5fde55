import { Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from '../../core/redis-address.ts';
import { remoteFailure } from './sentences.ts';

/** A Redis server, and how to say which one without its password. */
export interface RedisServer {
  readonly shown: string;
  readonly connection: RedisOptions;
}

const answerMs = 5000;

/**
 * Reads the address of a Redis server; the password comes from the environment.
 * @throws AppError `invalid-input` for what {@link parseRedisAddress} does not take
 */
export function redisServer(
  address: string,
  { PIXELSAIL_REDIS_PASSWORD: password }: NodeJS.ProcessEnv = process.env,
): RedisServer {
  const parsed = parseRedisAddress(address);
  if (parsed === null) {
    const shown = address.replace(/\/\/.*@/, '//…@').replace(/[?#].*/, '…');
    throw remoteFailure('invalid-input', 'redisAddressInvalid', { address: shown });
  }
  const { isEncrypted, port, database, user } = parsed;
  const host = parsed.host.replace(/^\[(.*)\]$/, '$1');
  return {
    shown: `${isEncrypted ? 'rediss' : 'redis'}://${parsed.host}:${port}`,
    connection: {
      host,
      port,
      db: database,
      ...(user !== '' && { username: user }),
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
