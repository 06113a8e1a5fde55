import { fromErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import { Client } from './client.ts';
import type { ClientMessage, HostBridge, ServerMessage } from './contract.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; its `call` rejects with plain error envelopes. */
    readonly pixelSail?: HostBridge;
  }
}

/** The bridge to whichever host shows this page. Call it once. */
export function connectHost(): HostBridge {
  return window.pixelSail ? electronBridge(window.pixelSail) : browserBridge();
}

/**
 * Electron's context bridge strips the class and code of errors, so envelopes cross it and become
 * AppError here.
 */
function electronBridge(preload: HostBridge): HostBridge {
  return {
    ...preload,
    call: (name, input) =>
      preload.call(name, input).catch((envelope: unknown) => {
        throw fromErrorEnvelope(envelope as ErrorEnvelope);
      }),
  };
}

const reconnectMs = 500;

/** The bridge of the browser host: one WebSocket, opened again when it closes. */
function browserBridge(): HostBridge {
  // All that the host serves lies beside this page, under a path that nobody else knows.
  const address = (path: string) => new URL(path, document.baseURI).href;
  let socket: WebSocket;
  let unsent: ClientMessage[] = [];
  const client = new Client({
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      else unsent.push(message);
    },
  });

  const connect = () => {
    socket = new WebSocket(address('socket').replace(/^http/, 'ws'));
    socket.onopen = () => {
      for (const message of unsent) socket.send(JSON.stringify(message));
      unsent = [];
    };
    socket.onmessage = ({ data }) => client.receive(JSON.parse(data as string) as ServerMessage);
    socket.onclose = () => {
      unsent = [];
      client.lose();
      setTimeout(connect, reconnectMs);
    };
  };
  connect();

  return {
    host: 'browser',
    call: (name, input) => client.call(name, input),
    on: (name, listener) => client.on(name, listener),
    imageUrl: (imageId, variant) => address(`image/${encodeURIComponent(imageId)}/${variant}`),
    dialogs: null,
  };
}
