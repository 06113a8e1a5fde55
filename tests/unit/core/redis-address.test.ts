import { describe, expect, it } from 'vitest';
import { parseRedisAddress } from '../../../core/redis-address.ts';

describe('the address of a Redis server', () => {
  const plain = { isEncrypted: false, port: 6379, database: 0, user: '' };

  it.each([
    ['redis://host', { ...plain, host: 'host' }],
    ['redis://host:7000/', { ...plain, host: 'host', port: 7000 }],
    ['rediss://me@host/2', { ...plain, isEncrypted: true, host: 'host', database: 2, user: 'me' }],
    ['redis://a%20b@[::1]:1', { ...plain, host: '[::1]', port: 1, user: 'a b' }],
  ])('%s is read', (text, parts) => {
    expect(parseRedisAddress(text)).toEqual(parts);
  });

  it.each([
    ...['', 'host:6379', 'http://host', 'redis://', 'redis://host/name', 'redis://%zz@host'],
    ...['redis://:secret@host', 'redis://me:secret@host', 'redis://host?password=secret'],
    'redis://host#secret',
  ])('is not "%s"', (text) => {
    expect(parseRedisAddress(text)).toBeNull();
  });
});
