import type { IncomingMessage } from 'node:http';
import { isSameSecret, newSecret } from '../secret.ts';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Access control of the browser host: a request with the one-time token of a printed address gets a
 * session cookie. Host and Origin are checked so that no other web page can reach it through the
 * visitor's browser (DNS rebinding, cross-site requests).
 *
 * Browsers send the cookies of 127.0.0.1 to every port of it and count those ports as one site
 * (RFC 6265, 8.5), so neither a cookie's name nor SameSite keeps it from another program that
 * listens on this machine. Everything lies under a path that nobody can guess, and the cookie
 * belongs to that path: a page of another port cannot have the browser send it anywhere. Its name
 * carries the port, so that two hosts never mean each other's.
 */
export class Access {
  /** The person of the link; null for the link of this machine's user. */
  readonly person: string | null;
  /** Begins and ends with a slash. */
  readonly path = `/${newSecret()}/`;
  readonly #sessions = new Set<string>();
  readonly #tokens = new Set<string>();

  /** @param person each person has a path of their own, so that one browser can hold several */
  constructor(person: string | null = null) {
    this.person = person;
  }

  /** A new token, good for one exchange. */
  newToken(): string {
    const token = newSecret();
    this.#tokens.add(token);
    return token;
  }

  /** The `Set-Cookie` header that the token buys, or null when it is unknown or used. */
  exchange(token: string, request: IncomingMessage): string | null {
    const known = [...this.#tokens].find((candidate) => isSameSecret(candidate, token));
    if (known === undefined) return null;
    this.#tokens.delete(known);
    const session = newSecret();
    this.#sessions.add(session);
    return `${cookieName(request)}=${session}; HttpOnly; SameSite=Strict; Path=${this.path}`;
  }

  /** The requested path from the slash on; null outside the path of this host. */
  within(pathname: string): string | null {
    const start = pathname.slice(0, this.path.length);
    return isSameSecret(start, this.path) ? pathname.slice(this.path.length - 1) : null;
  }

  hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.some((cookie) => {
      const [name, value = ''] = cookie.split('=');
      return (
        name === cookieName(request) &&
        [...this.#sessions].some((known) => isSameSecret(known, value))
      );
    });
  }
}

function cookieName({ socket }: IncomingMessage): string {
  return `pixelsail_session_${socket.localPort}`;
}

/**
 * Whether the request names this machine's loopback as its host. The port may differ: tunnels
 * change it.
 */
export function isLoopbackHost(request: IncomingMessage): boolean {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  return loopbackNames.has(name);
}

/**
 * Whether the request comes from a page of this very host. Absent origins are left to the caller.
 */
export function isSameOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}
