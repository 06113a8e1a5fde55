import { isElement, isTyping } from './typing.ts';

/** Elements that Space presses or scrolls when it is released. */
const controls = 'button, a, input, summary, dialog, [role=dialog]';
const heldCodes = new Set(['Space', 'AltLeft', 'AltRight']);

/**
 * Keys that change what the pointer does while they are down, wherever the focus is: everywhere
 * but in a field where Space is text. Alone they keep their own effect: Space presses the button
 * that has the focus, Alt opens the menu. After the pointer used them they have none.
 */
export class HeldKeys {
  /** Each key that is down, and whether the pointer used it. */
  readonly #down = new Map<string, boolean>();
  readonly #onSpace: (isDown: boolean) => void;

  /**
   * @param source the window; listened to before anything that has the focus
   * @param onSpace called when Space is pressed and let go
   */
  constructor(source: EventTarget, signal: AbortSignal, onSpace: (isDown: boolean) => void) {
    this.#onSpace = onSpace;
    const options = { signal, capture: true };
    source.addEventListener('keydown', (event) => this.#press(event as KeyboardEvent), options);
    source.addEventListener('keyup', (event) => this.#release(event as KeyboardEvent), options);
    // Keys released in another window cause no event here.
    source.addEventListener('blur', (event) => event.target === source && this.#drop(), options);
  }

  get isSpaceDown(): boolean {
    return this.#down.has('Space');
  }

  /** The pointer does something that the keys which are down belong to. */
  use(): void {
    for (const code of this.#down.keys()) this.#down.set(code, true);
  }

  #press(event: KeyboardEvent): void {
    const { code, target } = event;
    if (!heldCodes.has(code) || isTyping(target)) return;
    if (!this.#down.has(code)) {
      this.#down.set(code, false);
      if (code === 'Space') this.#onSpace(true);
    }
    const isForControl = isElement(target) && target.closest(controls) !== null;
    if (code === 'Space' && !isForControl) event.preventDefault();
  }

  #release(event: KeyboardEvent): void {
    const isUsed = this.#down.get(event.code);
    if (isUsed === undefined) return;
    this.#down.delete(event.code);
    if (isUsed) event.preventDefault();
    if (event.code === 'Space') this.#onSpace(false);
  }

  #drop(): void {
    const wasDown = this.isSpaceDown;
    this.#down.clear();
    if (wasDown) this.#onSpace(false);
  }
}
