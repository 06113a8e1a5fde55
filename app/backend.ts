import { z } from 'zod';
import { AppError, toErrorEnvelope } from '../core/errors.ts';
import { personOf } from '../core/project/person.ts';
import type { ServerMessage } from './api/contract.ts';
import { parseClientMessage, serveCall, type CallResult } from './api/serve.ts';
import { createApplication, type Application } from './application.ts';
import { HostedEngines } from './engine/engine-process.ts';
import { keepHeapSmall } from './heap.ts';
import { openLog } from './log.ts';
import { parentPort } from './parent-port.ts';
import { endWithParent } from './parent-watch.ts';

// Entry of the backend process, under Electron's utilityProcess or a forked Node. Its one argument
// is the application's options as JSON.

const optionsSchema = z.object({
  home: z.string(),
  catalog: z.string(),
  samplePhotos: z.string(),
  sampleBenchmark: z.string(),
  engineEntry: z.string(),
});

/** Calls that a host makes for itself; no host passes them on for its interface. */
const hostCalls = {
  'host.imageFile': async (application: Application, input: unknown) => {
    const { imageId, variant } = imageFileSchema.parse(input);
    return application.imageFile(imageId, variant);
  },
  'host.windowOpened': async (application: Application, input: unknown) => {
    const { window, person } = windowSchema.parse(input);
    application.windows.open(window, personOf(person));
    return null;
  },
  'host.windowClosed': async (application: Application, input: unknown) => {
    application.windows.close(windowSchema.parse(input).window);
    return null;
  },
  'host.close': async (application: Application) => {
    await application.close();
    return null;
  },
};
const windowSchema = z.object({ window: z.string(), person: z.string().nullable().default(null) });
const imageFileSchema = z.object({ imageId: z.string(), variant: z.string() });

/** Time to leave the project in order once the host is gone. */
const closingMs = 1500;

keepHeapSmall();
const port = parentPort;
const post: (message: ServerMessage) => void = port
  ? (message) => port.postMessage(message)
  : // A host that is gone while it is told something is heard of by `disconnect`.
    (message) => void process.send?.(message, undefined, undefined, () => undefined);

const engines = port ? new HostedEngines((order) => port.postMessage(order)) : null;
const options = optionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const log = openLog(options.home);
process.on('uncaughtExceptionMonitor', (thrown) => log.crashed('backend', thrown));
const application = createApplication(
  options,
  (event, payload) => post({ event, payload }),
  engines?.start,
);

async function receive(value: unknown): Promise<void> {
  try {
    const { id, method, input, window } = parseClientMessage(value);
    post({ id, ...(await answer(method, input, window)) });
  } catch (thrown) {
    console.error(`A message was refused: ${toErrorEnvelope(thrown).message}`);
  }
}

async function answer(method: string, input: unknown, window?: string): Promise<CallResult> {
  if (!Object.hasOwn(hostCalls, method)) {
    return serveCall(application.handlers, method, input, window);
  }
  try {
    const call = hostCalls[method as keyof typeof hostCalls];
    return { ok: true, value: await call(application, input) };
  } catch (thrown) {
    return { ok: false, error: toErrorEnvelope(thrown) };
  }
}

// Ctrl-C and the end of a terminal, or of a service, reach every process of it; the host hears it
// too and ends this process in good order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

if (port) {
  port.on('message', ({ data }) => {
    if (!engines?.receive(data)) void receive(data);
  });
} else if (process.send) {
  process.on('message', (message) => void receive(message));
  // The host is gone: leave the project in order, then go too.
  process.on('disconnect', () => void application.close().finally(() => process.exit()));
  endWithParent(closingMs);
} else {
  throw new AppError('internal', 'The backend is started by a host, with a message channel.');
}
