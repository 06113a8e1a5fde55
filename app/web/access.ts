import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const cookieName = 'pixelsail_session';
const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Who may talk to the browser host: whoever brings the one-time token of a printed address gets a session
 * cookie. Host and Origin are checked so that no other web page can reach it through the visitor's browser
 * (DNS rebinding, cross-site requests).
 */
export class Access {
  readonly #sessions = new Set<string>();
  readonly #tokens = new Set<string>();

  /** A new token, good for one exchange. */
  newToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.add(token);
    return token;
  }

  /** The `Set-Cookie` header that the token buys, or null when it is unknown or used. */
  exchange(token: string): string | null {
    const known = [...this.#tokens].find((candidate) => isSameSecret(candidate, token));
    if (known === undefined) return null;
    this.#tokens.delete(known);
    const session = randomBytes(32).toString('base64url');
    this.#sessions.add(session);
    return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.some((cookie) => {
      const [name, value = ''] = cookie.split('=');
      return name === cookieName && [...this.#sessions].some((known) => isSameSecret(known, value));
    });
  }
}

/** Whether the request names this machine's loopback as its host. The port may differ: tunnels change it. */
export function isLoopbackHost(request: IncomingMessage): boolean {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  return loopbackNames.has(name);
}

/** Whether the request comes from a page of this very host. Absent origins are left to the caller. */
export function isSameOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}

function isSameSecret(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
