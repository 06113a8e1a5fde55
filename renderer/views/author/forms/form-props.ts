import type { Editor } from '../../../editor/editor.svelte.ts';
import type { Studio } from '../../../studio.svelte.ts';
import type { Authoring } from '../author.svelte.ts';

/** The props of a form, which reads and changes the draft of the author view. */
export interface FormProps {
  readonly studio: Studio;
  readonly editor: Editor;
  readonly authoring: Authoring;
}
