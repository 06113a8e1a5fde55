import { untrack } from 'svelte';

let open = $state.raw<readonly HTMLDialogElement[]>([]);

/** The dialog in front; everything outside it is inert. Null where none is open. */
export function topmostDialog(): HTMLDialogElement | null {
  return open.at(-1) ?? null;
}

/** Opens a dialog in front of everything else. Returns what closes it. */
export function openInFront(dialog: HTMLDialogElement): () => void {
  dialog.showModal();
  open = [...untrack(() => open), dialog];
  return () => {
    dialog.close();
    open = open.filter((other) => other !== dialog);
  };
}
