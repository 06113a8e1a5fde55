/** Electron's own channel to the main process, present under utilityProcess. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: { data: unknown }) => void): void;
}

export const parentPort = (process as { parentPort?: ParentPort }).parentPort ?? null;
