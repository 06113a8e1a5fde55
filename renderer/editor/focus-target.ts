/** A target of the focus: an element, or a fake in tests. */
export interface Focusable {
  focus(): void;
  /** Fields of text mark what is in them, so that typing replaces it. */
  select?(): void;
}

/**
 * A place of the window into which commands put the cursor; nothing happens while it is not shown.
 */
export class FocusTarget {
  #shown: Focusable | null = null;

  /** For `{@attach}` on the element. */
  readonly attach = (element: Focusable): (() => void) => {
    this.#shown = element;
    return () => {
      if (this.#shown === element) this.#shown = null;
    };
  };

  focus(): void {
    this.#shown?.focus();
    this.#shown?.select?.();
  }
}
