import type { EngineStatus } from '../app/api/contract/models.ts';
import type { EncodeState } from './editor/open-image.svelte.ts';
import type { Prompt } from './editor/proposal.ts';

/** The status of the model for the whole window. */
export type ModelStatus =
  | 'none'
  | 'stopped'
  | 'starting'
  | 'measuring'
  | 'failed'
  | 'looking'
  | 'answering'
  | 'imageFailed'
  | 'ready';

interface Observed {
  readonly engine: EngineStatus;
  /** Number of models that are installed. */
  readonly models: number;
  /** Null where no image is shown. */
  readonly image: { readonly encodeState: EncodeState; readonly prompts: readonly Prompt[] } | null;
}

/**
 * The engine first, for without it nothing else is true; then what waits for it on the shown image.
 */
export function modelStatus({ engine, models, image }: Observed): ModelStatus {
  if (engine.state === 'stopped') return models === 0 ? 'none' : 'stopped';
  if (engine.state === 'starting' && engine.measures) return 'measuring';
  if (engine.state !== 'ready') return engine.state;
  if (!image) return 'ready';
  if (image.prompts.some(({ status }) => status.kind === 'waiting')) return 'answering';
  if (image.encodeState === 'encoding') return 'looking';
  return image.encodeState === 'failed' ? 'imageFailed' : 'ready';
}
