import type { ErrorEnvelope } from '../../core/errors.ts';
import type {
  DeviceKind,
  DeviceReport,
  MaskCandidate,
  ModelRequest,
  ModelResult,
  ModelTask,
  SegmentPrompt,
} from '../../core/prompt.ts';
import type { ImageSource } from '../../models/image/image-source.ts';
import type { PackOptions } from '../../models/pack-graphs.ts';
import type { AnswerEvent, GenerationOptions, LoadOptions } from '../../models/model.ts';

/**
 * Requests to the engine process. Images are named by their sources: the engine reads and decodes
 * them itself.
 */
export type EngineTask =
  | { readonly kind: 'load'; readonly directory: string; readonly options: LoadOptions }
  /** Opens a package on a device beside the loaded model, tests it and closes it again. */
  | { readonly kind: 'test'; readonly directory: string; readonly device: DeviceKind }
  /** Whether the loaded model can read the texts of a request. */
  | { readonly kind: 'check'; readonly request: ModelRequest }
  /** Makes a package of graphs that others exported, and tests it. */
  | {
      readonly kind: 'pack';
      readonly files: readonly string[];
      readonly target: string;
      readonly options: Omit<PackOptions, 'signal'>;
    }
  | { readonly kind: 'prepare'; readonly image: ImageSource }
  | {
      readonly kind: 'ask';
      readonly image: ImageSource;
      readonly request: ModelRequest;
      readonly threshold?: number;
      readonly generation?: GenerationOptions;
    };

export type EngineRequest =
  | { readonly id: number; readonly task: EngineTask }
  | { readonly id: number; readonly cancel: true }
  /** Will be asked about soon: it is read while something else is answered. */
  | { readonly upcomingImage: ImageSource };

/** The answer of `load`: identity and tasks of the model, and the device in use. */
export interface LoadedModel {
  readonly id: string;
  readonly hash: string;
  readonly tasks: readonly ModelTask[];
  readonly prompts?: readonly SegmentPrompt[] | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly minimumScore?: number | undefined;
  readonly device: DeviceReport;
}

/** The answer to each kind of task. */
export interface EngineResults {
  readonly load: LoadedModel;
  readonly test: DeviceReport;
  readonly check: null;
  readonly pack: null;
  readonly prepare: null;
  readonly ask: ModelResult;
}

export type EngineProgress =
  | Exclude<AnswerEvent, { kind: 'result' }>
  /** A mask that will still get better. */
  | { readonly kind: 'draft'; readonly mask: MaskCandidate };

/** A model is being loaded, and this processor is measured for it, once. */
export interface LoadProgress {
  readonly kind: 'measuring';
}

export type EngineMessage =
  | { readonly id: number; readonly progress: EngineProgress | LoadProgress }
  | { readonly id: number; readonly ok: true; readonly value: EngineResults[EngineTask['kind']] }
  | { readonly id: number; readonly ok: false; readonly error: ErrorEnvelope };
