import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Limits of one connection. Times are in milliseconds. */
export interface ConnectionLimits {
  /** From the first byte, or from the opening where none comes, to the end of the headers. */
  readonly headersMs: number;
  /** Without a byte in either direction, while an answer is under way. */
  readonly silenceMs: number;
  /** All connections together; further ones are closed at once. */
  readonly connections: number;
  /** Windows that are connected at a time. */
  readonly windows: number;
}

export const defaultLimits: ConnectionLimits = {
  headersMs: 10_000,
  silenceMs: 120_000,
  connections: 512,
  windows: 64,
};

/** Options of Node's server. */
export function serverOptions({ headersMs }: ConnectionLimits): ServerOptions {
  return {
    maxHeaderSize: 16 * 1024,
    headersTimeout: headersMs,
    // Nothing but headers is read, so a whole request may take no longer.
    requestTimeout: headersMs,
    connectionsCheckingInterval: Math.min(headersMs, 5000),
    keepAliveTimeout: 5000,
  };
}

/**
 * Takes charge of every connection for as long as it is open. Node lets go of a connection when it
 * asks for an upgrade, and one whose error nobody hears ends the process.
 * @returns what closes all connections, upgraded and refused ones too
 */
export function watchConnections(server: Server, limits: ConnectionLimits): () => void {
  const open = new Set<Socket>();
  server.maxConnections = limits.connections;
  server.timeout = limits.silenceMs;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
  });
  server.once('listening', () => {
    // One connection that could not be taken (no file handles left) must not end those that could.
    server.on('error', (error) => console.error(`A connection failed: ${error.message}`));
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}

/**
 * Answers a request for an upgrade with a refusal. The connection ends here, whatever the other
 * side does with its half.
 */
export function refuseUpgrade(socket: Duplex, status: string): void {
  const refusal = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(refusal, () => socket.destroy());
}
