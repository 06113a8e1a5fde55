import type { RecordId } from '../../core/records.ts';

/**
 * The help after a refusal of the editor: a screen of the window, or a step of the editor.
 */
export type Remedy =
  /** Categories, at the keypoints of a category; null: of the first one. */
  | { readonly kind: 'skeleton'; readonly categoryId: RecordId | null }
  | { readonly kind: 'categories' }
  /** The panel of the selected region. */
  | { readonly kind: 'region' }
  | { readonly kind: 'step'; readonly label: string; readonly run: () => void };
