import type { BackendSupervisor } from '../../app/backend-supervisor.ts';

/** A backend for a web server that is asked nothing: it says nothing and hears of windows only. */
export const silentBackend = {
  onEvent: () => undefined,
  windowOpened: () => undefined,
  windowClosed: () => undefined,
} as unknown as BackendSupervisor;
