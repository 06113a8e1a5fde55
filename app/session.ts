import type { z } from 'zod';
import type { ProjectDatabase } from '../db/project-database.ts';
import type { Contract, MethodName, MethodOutput } from './api/contract.ts';
import type { Handlers } from './api/serve.ts';
import type { EngineClient } from './engine/engine-client.ts';
import type { Thumbnails } from './features/images/thumbnails.ts';
import type { StepOrder } from './features/journal/step-order.ts';
import type { Projects } from './features/project/projects.ts';
import type { Prompts } from './features/prompt/prompts.ts';
import type { SettingsFile } from './features/settings/settings-file.ts';
import type { Emit } from './jobs/local-queue.ts';
import type { Queue } from './jobs/queue.ts';
import type { Windows } from './windows.ts';

/** A further model beside the one for masks, with a queue of its own. */
export interface ModelSeat {
  readonly engine: EngineClient;
  readonly prompts: Prompts;
  /** The open project chose its model, which is not for another project's photos. */
  isOfProject: boolean;
}

/** The model for a use: for words the one of their own where it is loaded, else that for masks. */
export function seatFor(
  { engine, prompts, words }: Pick<Services, 'engine' | 'prompts' | 'words'>,
  use: 'masks' | 'words',
): Pick<ModelSeat, 'engine' | 'prompts'> {
  return use === 'words' && words.engine.status.state !== 'stopped' ? words : { engine, prompts };
}

/** The services of an application, shared by all windows. */
export interface Services {
  readonly projects: Projects;
  readonly jobs: Queue;
  readonly engine: EngineClient;
  readonly prompts: Prompts;
  /** Whether the open project chose the model of `engine`. */
  readonly masks: Pick<ModelSeat, 'isOfProject'>;
  /** The model that is asked for words; stopped where the one for masks is asked for them too. */
  readonly words: ModelSeat;
  /** The model that answers are compared with; stopped until a comparison begins. */
  readonly other: ModelSeat;
  readonly settings: SettingsFile;
  readonly windows: Windows;
  readonly steps: StepOrder;
  readonly emit: Emit;
  /** Folder of the user's data. */
  readonly home: string;
  readonly thumbnails: Thumbnails;
  readonly samplePhotos: string;
  readonly sampleBenchmark: string;
  /** Folders of model packages; the last one is the user's. */
  readonly modelFolders: readonly string[];
}

/** The session of a call: the services and the caller. */
export interface Session extends Services {
  /** Id of the window that calls; undefined for a caller without one. */
  readonly window: string | undefined;
  /** The open project as the calling window sees it. @throws AppError `project-not-open`. */
  project(): ProjectDatabase;
}

/** A session for each call of a window. */
export function openSession(services: Services, window: string | undefined): Session {
  const { projects, windows } = services;
  return { ...services, window, project: () => windows.view(projects.require(), window) };
}

type SessionHandler<Name extends MethodName> = (
  input: z.output<Contract[Name]['input']>,
  session: Session,
) => MethodOutput<Name> | Promise<MethodOutput<Name>>;

/** The handlers of the methods whose names begin with one of the given words. */
export type HandlersOf<Word extends string> = {
  readonly [Name in Extract<MethodName, `${Word}.${string}`>]: SessionHandler<Name>;
};

/** Handlers as hosts call them: each call opens a session of the window that it names. */
export function inSessions(
  handlers: HandlersOf<string>,
  open: (window: string | undefined) => Session,
): Handlers {
  const opened = Object.entries(handlers).map(([name, handler]) => [
    name,
    (input: never, window?: string) =>
      (handler as (input: never, session: Session) => unknown)(input, open(window)),
  ]);
  return Object.fromEntries(opened) as Handlers;
}
