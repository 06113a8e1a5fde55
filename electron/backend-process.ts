import { utilityProcess } from 'electron';
import type { ServerMessage } from '../app/api/contract.ts';
import type { ApplicationOptions } from '../app/application.ts';
import { forkBackend, type BackendProcess } from '../app/backend-supervisor.ts';
import { serveEngines } from '../app/engine/engine-process.ts';

/**
 * The first Node that better-sqlite3 and onnxruntime load in; that of every Electron that ships.
 */
const leastNode = 22;

/**
 * The Node that `PIXELSAIL_NODE` names, for tests in an Electron whose own is too old; null in one
 * that ships, where a variable must not say what runs under the application's name.
 */
export function foreignNode(): string | null {
  const own = Number(process.versions.node.split('.')[0]);
  return own < leastNode ? (process.env.PIXELSAIL_NODE ?? null) : null;
}

/**
 * Starts the backend in a process of Electron's own, and for it the engine, or in
 * {@link foreignNode}.
 */
export function startBackend(entry: string, options: ApplicationOptions): BackendProcess {
  const node = foreignNode();
  if (node) return forkBackend(entry, options, node);
  const fork = (file: string, serviceName: string, words: string[]) =>
    utilityProcess.fork(file, words, { serviceName, stdio: 'inherit' });
  const child = fork(entry, 'Pixel-SAIL Studio backend', [JSON.stringify(options)]);
  const takeOrder = serveEngines(child, () =>
    fork(options.engineEntry, 'Pixel-SAIL Studio engine', []),
  );
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) =>
      void child.on('message', (message) => {
        if (!takeOrder(message)) listener(message as ServerMessage);
      }),
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
  };
}
