import type { ToolContext, ToolState } from './tool.ts';

/** The points of a draft that clicks place one after the other; undo and redo step through them. */
export class PlacedPoints<Placed> {
  readonly #show: (context: ToolContext) => void;
  #placed: readonly Placed[] = [];
  /** Points that were taken back, the next one last. */
  #undone: readonly Placed[] = [];

  /** @param show draws the placed points */
  constructor(show: (context: ToolContext) => void) {
    this.#show = show;
  }

  get placed(): readonly Placed[] {
    return this.#placed;
  }

  /** Points that were taken back cannot be put again afterwards. */
  set(placed: readonly Placed[]): void {
    this.#placed = placed;
    this.#undone = [];
  }

  readonly drop = (context: ToolContext): string => {
    context.draw(null);
    this.set([]);
    return 'idle';
  };

  /** Handlers of the state in which points are placed. */
  readonly handlers = {
    stepBack: (context) => {
      if (this.#placed.length <= 1) return this.drop(context);
      this.#undone = [...this.#undone, this.#placed.at(-1)!];
      this.#placed = this.#placed.slice(0, -1);
      return this.#stay(context);
    },
    stepForward: (context) => {
      const next = this.#undone.at(-1);
      if (next === undefined) return undefined;
      this.#undone = this.#undone.slice(0, -1);
      this.#placed = [...this.#placed, next];
      return this.#stay(context);
    },
    cancel: this.drop,
    leave: (context) => this.#stay(context),
  } satisfies ToolState;

  #stay(context: ToolContext): undefined {
    this.#show(context);
    return undefined;
  }
}
