import { describe, expect, it } from 'vitest';
import { parseServerAddress } from '../../../core/server-address.ts';

describe('the address of a chat server', () => {
  it.each([
    ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1', true, false],
    ['http://localhost:1234/v1/', 'http://localhost:1234/v1', true, false],
    ['http://[::1]:8000/v1', 'http://[::1]:8000/v1', true, false],
    ['http://127.1/v1', 'http://127.0.0.1/v1', true, false],
    ['https://models.example.com/api/v1', 'https://models.example.com/api/v1', false, true],
    ['http://gpu:8000/v1/chat/completions', 'http://gpu:8000/v1', false, false],
    [' http://192.0.2.7:8000/v1 ', 'http://192.0.2.7:8000/v1', false, false],
  ])('%s is %s', (text, url, isLoopback, isEncrypted) => {
    expect(parseServerAddress(text)).toMatchObject({ url, isLoopback, isEncrypted });
  });

  it.each([
    ...[
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://127.0.0.1@evil.com',
    ],
    ...['http://128.0.0.1', 'http://0.0.0.0:8000'],
  ])('%s is not this computer', (text) => {
    expect(parseServerAddress(text)?.isLoopback ?? false).toBe(false);
  });

  it.each([
    ...['', 'gpu:8000', 'file:///etc/passwd', 'ftp://gpu/v1', 'javascript:alert(1)'],
    ...[
      'https://user:secret@gpu/v1',
      'https://sk-key@gpu/v1',
      'https://gpu/v1?key=sk',
      'https://gpu/v1#a',
    ],
    'https://gpu/v1?',
  ])('"%s" is none, for it has another scheme or may hold a key', (text) => {
    expect(parseServerAddress(text)).toBeNull();
  });
});
