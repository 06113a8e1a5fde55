import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startBrowserHost as start } from '../../app/web/browser-host.ts';
import type { BackendSupervisor } from '../../app/backend-supervisor.ts';
import type { PersonLink } from '../../app/web/server.ts';
import { makeApplicationFolders } from './application-folders.ts';

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface TestBrowserHost {
  /** Address with a one-time token; opens the interface. */
  readonly url: string;
  /** The folder of this host's user data. */
  readonly home: string;
  readonly backend: BackendSupervisor;
  /** Addresses of the people that were asked for. */
  readonly links: readonly PersonLink[];
  stop(): Promise<void>;
}

/**
 * Starts the browser host on a free port, with user data in a temporary folder. The interface must
 * be built (`npm run build`).
 * @param projectFile opened before this resolves, when given
 * @param people names who get a link of their own
 * @param fakeEngine the made-up model of fake-model.ts instead of the packaged models
 */
export async function startBrowserHost({
  projectFile,
  fakeEngine = false,
  people = [],
}: {
  projectFile?: string;
  fakeEngine?: boolean;
  people?: readonly string[];
} = {}): Promise<TestBrowserHost> {
  const rendererFolder = repository('dist/renderer');
  if (!existsSync(rendererFolder)) {
    throw new Error('dist/renderer is missing. Run `npm run build` before the browser tests.');
  }
  const folders = await makeApplicationFolders();
  // File browsers list the home folder first; what a person has there is no part of a test.
  const homeOfPerson = process.env['HOME'];
  process.env['HOME'] = folders.folder;
  const host = await start({
    ...folders.options,
    ...(!fakeEngine && {
      catalog: repository('models/catalog'),
      engineEntry: repository('app/engine/engine.ts'),
    }),
    backendEntry: repository('app/backend.ts'),
    rendererFolder,
    port: 0,
    people,
  });
  if (projectFile) await host.backend.request('project.open', { file: projectFile });
  return {
    url: host.url,
    home: folders.options.home,
    backend: host.backend,
    links: host.links,
    async stop() {
      await host.close();
      if (homeOfPerson) process.env['HOME'] = homeOfPerson;
      await folders.remove();
    },
  };
}
