import { EventEmitter } from 'node:events';

// Preloaded into a forked backend: gives it the channel that Electron's utilityProcess gives, over
// process IPC.
const port = new EventEmitter() as EventEmitter & { postMessage(message: unknown): void };
port.postMessage = (message) => process.send?.(message);
process.on('message', (data) => port.emit('message', { data }));
Object.assign(process, { parentPort: port });
