import { connect, type Socket } from 'node:net';

/** How a stranger may treat a connection. */
export const hostilities = [
  'refused upgrade',
  'reset while the refusal is written',
  'reset in the middle of the headers',
  'half-open after the headers',
  'closed half of it at once',
  'no HTTP at all',
  'a websocket frame without an upgrade',
] as const;
export type Hostility = (typeof hostilities)[number];

/** The request of a page that another site shows. */
export const foreignUpgrade = [
  'GET /socket HTTP/1.1',
  'Host: 127.0.0.1',
  'Origin: http://evil.example',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n');

/** A frame of the kind that a page sends: final, text, masked, four bytes. */
const frame = Buffer.from([0x81, 0x84, 1, 2, 3, 4, 5, 6, 7, 8]);

/**
 * Connects to a port of the loopback address, misbehaves, and returns when the connection is gone.
 */
export async function misbehave(port: number, hostility: Hostility): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // Being refused is what this is about.
  socket.on('error', () => undefined);
  socket.once('connect', () => act(socket, hostility));
  await closed;
}

function act(socket: Socket, hostility: Hostility): void {
  switch (hostility) {
    case 'refused upgrade':
      socket.resume().once('end', () => socket.end());
      socket.write(foreignUpgrade);
      break;
    case 'reset while the refusal is written':
      socket.write(foreignUpgrade, () => socket.resetAndDestroy());
      break;
    case 'reset in the middle of the headers':
      socket.write(foreignUpgrade.slice(0, 90), () => socket.resetAndDestroy());
      break;
    case 'half-open after the headers':
      // Never closes its own half; the server has to.
      socket.resume().once('end', () => setImmediate(() => socket.destroy()));
      socket.write(foreignUpgrade);
      break;
    case 'closed half of it at once':
      socket.resume().once('end', () => socket.destroy());
      socket.end(foreignUpgrade);
      break;
    case 'no HTTP at all':
      socket.resume().once('end', () => socket.end());
      socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n');
      break;
    case 'a websocket frame without an upgrade':
      socket.resume().once('end', () => socket.end());
      socket.write(frame);
      socket.write('\r\n\r\n');
  }
}
