import { z } from 'zod';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import { precisions } from '../../../core/precision.ts';
import {
  deviceKinds,
  type DeviceKind,
  type DeviceReport,
  type ModelTask,
  type SegmentPrompt,
} from '../../../core/prompt.ts';
import type { JobStarted } from './job-started.ts';
import { id, method, nothing } from './method.ts';

export interface InstalledModel {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly source: string;
  readonly precision: string;
  readonly directory: string;
  readonly bytes: number;
  /** Estimated bytes of memory while it answers. */
  readonly memoryBytes: number;
  /** False for a model that came with the application. */
  readonly canBeDeleted: boolean;
  /** The classes that a detector finds; absent for models without fixed classes. */
  readonly classes?: readonly string[] | undefined;
  readonly tasks: readonly ModelTask[];
  /** The address of the server to which it sends photos; null where it runs in this program. */
  readonly server: string | null;
}

/** The model and device that were asked for last. */
export interface ModelChoice {
  readonly modelId: string;
  readonly device: 'auto' | DeviceKind;
  /** The model that is asked for words; absent: the same. */
  readonly wordsModelId?: string | undefined;
}

/** The state of the engine process; `ready` has the device in use. */
export type EngineStatus =
  | { readonly state: 'stopped' }
  | {
      readonly state: 'starting';
      readonly modelId: string;
      /** Whether this processor is being measured for the model, which happens once. */
      readonly measures?: boolean;
    }
  | {
      readonly state: 'ready';
      readonly modelId: string;
      readonly hash: string;
      /** Tasks of the package. */
      readonly tasks: readonly ModelTask[];
      /** Kinds of prompts for masks; absent = all. */
      readonly prompts?: readonly SegmentPrompt[] | undefined;
      /** The classes that a detector finds; absent for models without fixed classes. */
      readonly classes?: readonly string[] | undefined;
      /** Score from which it counts; absent where requests do not say it. */
      readonly minimumScore?: number | undefined;
      readonly device: DeviceReport;
    }
  | { readonly state: 'failed'; readonly modelId: string; readonly error: ErrorEnvelope };

/** A model that an import or a conversion brought in. */
export interface ModelReport {
  readonly model: InstalledModel;
}

export const modelsContract = {
  'models.list': method<InstalledModel[]>()(nothing),
  /**
   * Loads a model in place of the present one; the application starts with it from now on, unless
   * told otherwise. `permission-denied` for a project's own model whose server the person has not
   * agreed to for this project; likewise below.
   */
  'models.load': method<EngineStatus>()(
    z.object({
      modelId: id,
      device: z.enum(['auto', ...deviceKinds]),
      /** It is the open project's own model, which other projects do not go on with. */
      isOfProject: z.boolean().optional(),
      /** The person agrees that the project's photos go to the server of its model. */
      isConfirmed: z.boolean().optional(),
    }),
  ),
  /**
   * Loads a model that is asked for words in place of the one for masks; null gives words back to
   * that one. The application starts with it from now on, unless told otherwise.
   */
  'models.loadWords': method<EngineStatus>()(
    z.object({
      modelId: id.nullable(),
      isOfProject: z.boolean().optional(),
      isConfirmed: z.boolean().optional(),
    }),
  ),
  'models.wordsStatus': method<EngineStatus>()(nothing),
  /** Loads the model that answers are compared with; null ends it. */
  'models.loadOther': method<EngineStatus>()(z.object({ modelId: id.nullable() })),
  /** The model that was loaded last, in this or an earlier session; null on the first start. */
  'models.choice': method<ModelChoice | null>()(nothing),
  'models.status': method<EngineStatus>()(nothing),
  /** Runs the loaded model's timed self-test on a device and says what was truly used. */
  'models.testDevice': method<DeviceReport>()(z.object({ device: z.enum(deviceKinds) })),
  /** The card that a package brings (Markdown); null when it has none. */
  'models.card': method<string | null>()(z.object({ modelId: id })),
  /**
   * Reads every file of a package and compares it with its hash; `problem` is null when all is
   * well.
   */
  'models.verify': method<{ problem: ErrorEnvelope | null }>()(z.object({ modelId: id })),
  /** Copies a package folder into the user's models; every file is checked on the way. */
  'models.importPackage': method<JobStarted>()(z.object({ folder: z.string().min(1) })),
  /** Makes a package of ONNX files that others exported among the user's models. */
  'models.add': method<JobStarted>()(
    z.object({
      files: z.array(z.string().min(1)).min(1).max(8),
      id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
      title: z.string().min(1),
      license: z.string().min(1),
      /** Names of a detector's classes, in its order, where the file names none. */
      classes: z.array(z.string().min(1)).optional(),
    }),
  ),
  /** Adds a model that a server runs, once the server has answered. */
  'models.addServer': method<JobStarted>()(
    z.object({
      address: z.string().min(1).max(500),
      /** The server's own name of the model. */
      model: z.string().min(1).max(200),
      id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
      title: z.string().min(1),
      /** The person knows that photos leave this computer for the server. */
      isConfirmed: z.boolean(),
    }),
  ),
  /** Makes a package of a checkpoint folder (safetensors) among the user's models. */
  'models.convert': method<JobStarted>()(
    z.object({
      checkpoint: z.string().min(1),
      id: z.string().min(1),
      title: z.string().min(1),
      precision: z.enum(precisions),
      license: z.string().min(1).optional(),
    }),
  ),
  /** Deletes one of the user's models; answers the rest. */
  'models.delete': method<InstalledModel[]>()(z.object({ modelId: id })),
} as const;
