import { utilityProcess } from 'electron';
import type { ServerMessage } from '../app/api/contract.ts';
import type { ApplicationOptions } from '../app/application.ts';
import { forkBackend, type BackendProcess } from '../app/backend-supervisor.ts';

/** Starts the backend in Electron's own Node, or in the one that `PIXELSAIL_NODE` names. */
export function startBackend(entry: string, options: ApplicationOptions): BackendProcess {
  if (process.env.PIXELSAIL_NODE) return forkBackend(entry, options, process.env.PIXELSAIL_NODE);
  const child = utilityProcess.fork(entry, [JSON.stringify(options)], {
    serviceName: 'Pixel-SAIL Studio backend',
    stdio: 'inherit',
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) =>
      void child.on('message', (message) => listener(message as ServerMessage)),
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
  };
}
