import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { userDataFolder } from '../../app/user-data.ts';
import { startBrowserHost } from '../../app/web/browser-host.ts';
import { AppError, requestCancelled } from '../../core/errors.ts';
import { personOf } from '../../core/project/person.ts';
import { interruptedExitCode, interruptSignal } from '../interrupt.ts';
import { note } from '../output.ts';
import { parsePort } from '../numbers.ts';
import { locateProject } from '../project.ts';

const root = join(import.meta.dirname, '..', '..');
const rendererFolder = join(root, 'dist', 'renderer');

/** Time for the backend to leave the project in order after a signal. */
const closingMs = 1000;

interface ServeOptions {
  readonly port: number;
  readonly person?: readonly string[];
}

/** `serve`: the application in a browser of this machine. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the application to a browser on this machine')
    .argument('[project]', 'project to open (default: the sample project)')
    .option('--port <number>', 'port on the loopback address (default: a free one)', parsePort, 0)
    .option(
      '--person <name>',
      'an address of their own for a person, who then works under that name; may be repeated',
      addPerson,
    )
    .addHelpText(
      'after',
      [
        '',
        'Only this machine can reach it, with the token in the printed address. To label on a remote machine, run there',
        '  ./pixelsail serve --port 8000 PROJECT',
        'and on the machine with the browser',
        '  ssh -N -L 8000:127.0.0.1:8000 USER@REMOTE',
        'then open the printed address. With another local port (-L 9000:127.0.0.1:8000) change the port in the address.',
      ].join('\n'),
    )
    .action(async (project: string | undefined, { port, person }: ServeOptions) => {
      if (!existsSync(rendererFolder)) {
        throw new AppError(
          'not-found',
          `The interface is not built: ${rendererFolder} is missing. Run: npm run build`,
        );
      }
      const ending = interruptSignal('Closing.');
      const host = await startBrowserHost({
        backendEntry: join(root, 'app', 'backend.ts'),
        engineEntry: join(root, 'app', 'engine', 'engine.ts'),
        rendererFolder,
        home: userDataFolder(),
        catalog: join(root, 'models', 'catalog'),
        samplePhotos: join(root, 'demo', 'photos'),
        sampleBenchmark: join(root, 'demo', 'benchmark'),
        port,
        people: person ?? [],
        onAddressUsed: (address, name) =>
          note(`For another window${name === null ? '' : ` of ${name}`} open ${address}`),
      });
      const end = () =>
        void host.close(closingMs).finally(() => process.exit(interruptedExitCode()));
      if (ending.aborted) end();
      else ending.addEventListener('abort', end);
      try {
        await (project === undefined
          ? host.backend.request('project.openSample', null)
          : host.backend.request('project.open', { file: locateProject(project) }));
      } catch (thrown) {
        await host.close();
        throw ending.aborted ? requestCancelled() : thrown;
      }
      process.stdout.write(`Pixel-SAIL Studio is ready: open ${host.url}\n`);
      for (const link of host.links) process.stdout.write(`For ${link.person}: ${link.url}\n`);
    });
}

/** @throws InvalidArgumentError for an empty name, whose link would lead to this machine's user. */
function addPerson(given: string, before: readonly string[] = []): readonly string[] {
  const person = personOf(given);
  if (person) return [...before, person.name];
  throw new InvalidArgumentError('Expected the name of a person, found an empty one.');
}
