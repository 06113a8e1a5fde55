import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { openJobModel } from '../../app/engine/job-model.ts';
import { redisServer, requireRedis } from '../../app/remote/redis-server.ts';
import { queueChanges, reportQueue, type QueueChange } from '../../app/remote/queue-report.ts';
import { startWorker } from '../../app/remote/worker.ts';
import { userDataFolder } from '../../app/user-data.ts';
import { deviceKinds, type DeviceKind } from '../../core/prompt.ts';
import { interruptedExitCode, interruptSignal } from '../interrupt.ts';
import { modelFolders } from '../model.ts';
import { parsePositiveInteger, parseThreads } from '../numbers.ts';
import { count, note, printResult, table } from '../output.ts';

interface WorkerCommandOptions {
  readonly redis: string;
  readonly photos: readonly string[];
  readonly cacheGigabytes: number;
  readonly imagesAtOnce: number;
  readonly device: 'auto' | DeviceKind;
  readonly threads?: number;
}

const redisOption = () =>
  new Option('--redis <url>', 'redis://HOST:PORT or rediss://HOST:PORT').makeOptionMandatory();

const workerHelp = `
Answers images that \`pixelsail annotate --redis URL\` asks about, on as many machines as run it. Photos and models come from
a shared folder, from the models installed here, or from the machine that asks; each is checked by its sha256. The
password of the server belongs in PIXELSAIL_REDIS_PASSWORD. A program that can write to that server can hand this
machine a model to run: keep the server in a trusted network.`;

/** `worker` and `queue`: labelling on several machines. */
export function addWorkerCommands(program: Command): void {
  program
    .command('worker')
    .description('answer images for `annotate --redis` of other machines')
    .addOption(redisOption())
    .option(
      '--photos <folder>',
      'a folder shared with the machine that asks; may be given several times',
      (folder: string, before: readonly string[]) => [...before, resolve(folder)],
      [],
    )
    .option('--cache-gigabytes <number>', 'photos kept of other machines', parsePositiveInteger, 2)
    .option(
      '--images-at-once <number>',
      'images under way at the same time',
      parsePositiveInteger,
      2,
    )
    .addOption(
      new Option('--device <device>', 'where to run')
        .choices(['auto', ...deviceKinds])
        .default('auto'),
    )
    .option('--threads <number>', 'threads on the CPU', parseThreads)
    .addHelpText('after', workerHelp)
    .action(work);

  program
    .command('queue')
    .description('the work that waits for workers, and what was given up')
    .addOption(redisOption())
    .addOption(
      new Option(
        '--do <change>',
        'pause: hand out no more; resume; retry what was given up; clear what waits or was given up',
      ).choices([...queueChanges]),
    )
    .option('--json', 'print JSON')
    .action(showQueue);
}

async function work(options: WorkerCommandOptions): Promise<void> {
  const { redis, photos, cacheGigabytes, imagesAtOnce, device, threads } = options;
  const server = redisServer(redis);
  await requireRedis(server);
  const entry = fileURLToPath(new URL('../../app/engine/engine.ts', import.meta.url));
  const engine = { entry, onDeath: (how: string) => note(`The engine stopped (${how}).`) };
  const signal = interruptSignal('Giving back what is not finished.');
  const worker = startWorker({
    server,
    imagesAtOnce,
    cache: join(userDataFolder(), 'remote'),
    limitBytes: cacheGigabytes * 1e9,
    sharedFolders: photos,
    modelFolders: modelFolders(),
    openModel: (directory, stop) => openJobModel(engine, directory, { device, threads }, stop),
    log: note,
  });
  note(`Waiting for work of ${server.shown}.`);
  await new Promise((stopped) => signal.addEventListener('abort', stopped, { once: true }));
  await worker.close();
  process.exitCode = interruptedExitCode();
}

async function showQueue(options: {
  readonly redis: string;
  readonly do?: QueueChange;
  readonly json?: boolean;
}): Promise<void> {
  const server = redisServer(options.redis);
  await requireRedis(server);
  const report = await reportQueue(server, options.do ?? null);
  printResult(options.json ?? false, report, () => {
    const { isPaused, workers, waiting, active, done, dead } = report;
    const state = isPaused ? ', paused' : '';
    return [
      `${server.shown}: ${count(workers, 'worker')}, ${waiting} waiting, ${active} under way, ${done} answered${state}`,
      ...(dead.length > 0
        ? [
            `${count(dead.length, 'image')} given up; --do retry asks again:`,
            table([
              ['image', 'attempts', 'reason'],
              ...dead.map(({ image, attempts, reason }) => [image ?? '', `${attempts}`, reason]),
            ]),
          ]
        : []),
    ].join('\n');
  });
}
