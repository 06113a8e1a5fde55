import type { ApplicationOptions } from '../application.ts';
import { BackendSupervisor, forkBackend } from '../backend-supervisor.ts';
import { openLog } from '../log.ts';
import { startWebServer, type PersonLink, type WebServerOptions } from './server.ts';

export interface BrowserHostOptions extends ApplicationOptions {
  /** File of the backend process. */
  readonly backendEntry: string;
  readonly rendererFolder: string;
  readonly port: number;
  readonly people?: readonly string[];
  readonly onAddressUsed?: WebServerOptions['onAddressUsed'];
}

export interface BrowserHost {
  /** Address with a one-time token. */
  readonly url: string;
  /** Those of the people, likewise. */
  readonly links: readonly PersonLink[];
  readonly backend: BackendSupervisor;
  /** @param withinMs the longest wait for the backend; see BackendSupervisor */
  close(withinMs?: number): Promise<void>;
}

/**
 * The application in a browser: a backend process, and a server on the loopback address before it.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const {
    backendEntry,
    rendererFolder,
    port,
    people = [],
    onAddressUsed,
    ...application
  } = options;
  const log = openLog(application.home);
  const backend = new BackendSupervisor(
    () => forkBackend(backendEntry, application),
    (how) => log.died('backend', how),
  );
  try {
    const server = await startWebServer({
      backend,
      rendererFolder,
      port,
      people,
      ...(onAddressUsed && { onAddressUsed }),
    });
    return {
      url: server.url,
      links: server.links,
      backend,
      async close(withinMs) {
        await backend.close(withinMs);
        await server.close();
      },
    };
  } catch (thrown) {
    await backend.close();
    throw thrown;
  }
}
