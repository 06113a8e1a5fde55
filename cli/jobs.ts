import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppEventName, AppEvents } from '../app/api/contract.ts';
import type { JobResult } from '../app/api/contract/jobs.ts';
import { requestCancelled } from '../core/errors.ts';
import { openJobModel, type JobEngine } from '../app/engine/job-model.ts';
import { packInEngine } from '../app/engine/pack-in-engine.ts';
import type { JobHost, JobKind } from '../app/jobs/job-kind.ts';
import { JobStore } from '../app/jobs/job-store.ts';
import { LocalQueue } from '../app/jobs/local-queue.ts';
import type { Author } from '../db/project-database.ts';
import { allowedServers } from '../app/features/models/allowed-servers.ts';
import type { Projects } from '../app/features/project/projects.ts';
import { logSlowStatements, openLog } from '../app/log.ts';
import { userDataFolder } from '../app/user-data.ts';
import { locateModel, modelFolders } from './model.ts';
import { note } from './output.ts';
import { Progress } from './progress.ts';
import { authorOf, openProject } from './project.ts';
import { projectFileFailure } from '../db/project-file-sentences.ts';

export interface JobOptions {
  /** The project that the job works on, as a person names it. */
  readonly project?: string;
  /** The unit of the progress, if the job does not give one. */
  readonly label: string;
  /** Name of who does it, for the history of the project. */
  readonly by?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Runs a job of the kind in this process and waits for it, with its progress and log on stderr:
 * the same kinds as the window runs. A job whose process is killed is offered by the window when
 * the project is opened.
 * @throws AppError what the job fails with; `cancelled` when the signal aborts
 */
export async function runJob<Input, Result extends JobResult>(
  kind: JobKind<Input, Result>,
  input: unknown,
  { project: given, label, by, signal }: JobOptions,
): Promise<Result> {
  const home = userDataFolder();
  const projects = given === undefined ? null : await openProject(given);
  const reporter = new Reporter(label);
  const log = openLog(home);
  logSlowStatements(log);
  const queue = new LocalQueue({
    emit(name, payload) {
      if (name === 'job:end') {
        const { jobId, end } = payload as AppEvents['job:end'];
        log.jobEnded(jobId, end);
      }
      reporter.hear(name, payload);
    },
    host: commandHost(home, projects, authorOf(by)),
    store: new JobStore(home),
    signal,
    showsAll: true,
  });
  try {
    if (signal?.aborted) throw requestCancelled();
    return await queue.run(kind, input);
  } finally {
    reporter.end();
    await queue.close();
    await projects?.close();
  }
}

/** The engine that the window has too: while it computes, this process hears Ctrl-C. */
const engine: JobEngine = {
  entry: fileURLToPath(new URL('../app/engine/engine.ts', import.meta.url)),
  allowedServers: () => allowedServers(userDataFolder()),
  onDeath: (how) => note(`The engine stopped (${how}) and is started again.`),
};

function commandHost(home: string, projects: Projects | null, author: Author): JobHost {
  return {
    home,
    modelFolders: modelFolders(),
    trainingFolder: join(dirname(modelFolders()[0]!), 'training'),
    project() {
      if (projects) return projects.require().by(author);
      throw projectFileFailure('project-not-open', 'projectNotOpen', {});
    },
    backupBeforeLargeStep: async () => projects?.backupBeforeLargeStep(),
    projectChanged: () => undefined,
    async projectReleased() {
      await projects?.close();
    },
    locateModel: (model) => locateModel(model ?? undefined),
    openModel: async (choice, signal) =>
      openJobModel(engine, await locateModel(choice.model ?? undefined), choice, signal),
    packGraphs: (files, target, options) => packInEngine(engine, files, target, options),
  };
}

/** Writes a job's news to stderr: a line of progress for each stage. */
class Reporter {
  readonly #label: string;
  #stage: string | null = null;
  #progress: Progress | null = null;

  constructor(label: string) {
    this.#label = label;
  }

  readonly hear = <Name extends AppEventName>(name: Name, payload: AppEvents[Name]): void => {
    if (name === 'job:log') {
      this.end();
      note((payload as AppEvents['job:log']).line);
    }
    if (name !== 'job:progress') return;
    const { stage: words, unit, done, total } = payload as AppEvents['job:progress'];
    const label = words?.en ?? this.#label;
    const stage = unit === 'bytes' ? `${label} (MB)` : label;
    const inUnit = (value: number) => (unit === 'bytes' ? Math.round(value / 1e6) : value);
    if (stage !== this.#stage) this.end();
    this.#stage = stage;
    this.#progress ??= new Progress(stage);
    this.#progress.report(inUnit(done), total === null ? null : inUnit(total));
  };

  end(): void {
    this.#progress?.end();
    this.#progress = null;
  }
}
