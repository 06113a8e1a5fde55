import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AppError, toErrorEnvelope } from '../../core/errors.ts';
import { userDataFolder } from '../user-data.ts';
import { startBrowserHost } from './browser-host.ts';

// Entry of the browser host: `main.ts [--port N] [--project FILE | --sample] [--open]`. Prints the
// address to open; `--open` opens it in the default browser.

/** Files lie alike in the sources and in dist/, but for their ending. */
const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'mjs';
/** Time for the backend to leave the project in order after a signal. */
const closingMs = 1000;
const root = beside(ending === 'ts' ? '../../' : '../../../');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      project: { type: 'string' },
      sample: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new AppError(
      'invalid-input',
      `--port must be a number from 0 to 65535, not "${values.port}".`,
    );
  }
  const host = await startBrowserHost({
    backendEntry: beside(`../backend.${ending}`),
    engineEntry: beside(`../engine/engine.${ending}`),
    rendererFolder: `${root}dist/renderer`,
    home: userDataFolder(),
    catalog: `${root}models/catalog`,
    samplePhotos: `${root}demo/photos`,
    sampleBenchmark: `${root}demo/benchmark`,
    port,
    onAddressUsed: (address) => console.log(`For another window open ${address}`),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void host.close(closingMs).finally(() => process.exit()));
  }
  if (values.project) await host.backend.request('project.open', { file: values.project });
  else if (values.sample) await host.backend.request('project.openSample', null);
  console.log(`Pixel-SAIL Studio is ready: open ${host.url}`);
  if (values.open) openInBrowser(host.url);
}

function openInBrowser(url: string): void {
  const [command, ...parameters] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  // The address is printed, so a missing browser is no error.
  spawn(command, parameters, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

main().catch((thrown: unknown) => {
  console.error(toErrorEnvelope(thrown).message);
  process.exit(1);
});
