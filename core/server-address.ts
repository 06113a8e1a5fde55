/** The parts of the address of a server that speaks a web API. */
export interface ServerAddress {
  /** Without a slash at its end, so that names of methods can be appended. */
  readonly url: string;
  /** Scheme, host and port: the party that gets what is sent. */
  readonly origin: string;
  /** Whether it is this computer, so that nothing leaves it. */
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
}

/** Appended to an address without a path, as servers of the OpenAI API have it. */
const usualPath = '/v1';
/** The end of a method's own address, which people copy from examples. */
const methodPath = /\/chat\/completions$/;

/**
 * Reads the address of a server of the OpenAI API. It is shown and stored, so it may hold no user,
 * password or query: these carry keys.
 * @returns null for any other text
 */
export function parseServerAddress(text: string): ServerAddress | null {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return null;
  const { protocol, hostname, origin, pathname, username, password, search, hash } = new URL(
    trimmed,
  );
  if (!['http:', 'https:'].includes(protocol) || hostname === '') return null;
  if (username + password + search + hash !== '' || /[?#]/.test(trimmed)) return null;
  const path = pathname.replace(/\/+$/, '').replace(methodPath, '');
  return {
    url: origin + (path === '' ? usualPath : path),
    origin,
    isLoopback: isLoopbackHost(hostname),
    isEncrypted: protocol === 'https:',
  };
}

/** @param hostname as a URL has it: lower-case, addresses in their canonical form */
function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
