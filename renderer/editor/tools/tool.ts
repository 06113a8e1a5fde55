import type { Box, Point } from '../../../core/geometry/shapes.ts';
import type { PromptMark } from '../../../core/prompt.ts';
import type { Geometry, RecordId } from '../../../core/records.ts';

/**
 * A tool is a small state machine over pointer events in image coordinates. It draws drafts and hands out
 * finished marks and shapes; it knows neither the canvas nor the document.
 */

export const toolIds = ['select', 'point', 'box', 'scribble', 'polygon', 'rectangle'] as const;
export type ToolId = (typeof toolIds)[number];

export interface ToolPointer {
  /** In image pixels; may lie outside the image. */
  readonly at: Point;
  readonly button: 'left' | 'right';
  readonly shift: boolean;
  readonly alt: boolean;
  /** Size of one screen pixel in image pixels, for tolerances that should feel the same at any zoom. */
  readonly screenPixel: number;
}

/** What a tool shows while the person is still drawing; it is not part of the document. */
export type Draft =
  | { readonly kind: 'box'; readonly box: Box }
  | {
      readonly kind: 'scribble';
      readonly points: readonly Point[];
      readonly width: number;
      readonly positive: boolean;
    }
  | { readonly kind: 'polygon'; readonly points: readonly Point[]; readonly isClosing: boolean };

export interface ToolContext {
  readonly imageSize: { readonly width: number; readonly height: number };
  /** Visible annotations under a point, the smallest first. */
  hitTest(at: Point): readonly RecordId[];
  select(id: RecordId | null): void;
  readonly selectedId: RecordId | null;
  hover(id: RecordId | null): void;
  draw(draft: Draft | null): void;
  /** Adds to the open prompt, or opens a new one. */
  addMark(mark: PromptMark, prompt: 'same' | 'new'): void;
  addShape(geometry: Exclude<Geometry, { kind: 'mask' }>): void;
}

/** A handler returns the name of the next state, or nothing to stay. */
type Handler<Arguments extends unknown[]> = (
  ...values: [...Arguments, ToolContext]
) => string | undefined;

export interface ToolState {
  readonly pointerDown?: Handler<[ToolPointer]>;
  readonly pointerMove?: Handler<[ToolPointer]>;
  readonly pointerUp?: Handler<[ToolPointer]>;
  /** Enter or a double click. */
  readonly finish?: Handler<[]>;
  /** Backspace: takes back the last vertex of a draft. */
  readonly stepBack?: Handler<[]>;
  /** Escape, or the tool being put away. */
  readonly cancel?: Handler<[]>;
}

export interface Tool {
  readonly id: ToolId;
  /** A CSS cursor. */
  readonly cursor: string;
  readonly states: { readonly idle: ToolState; readonly [name: string]: ToolState };
}

/** Runs one tool: keeps its current state and sends it events. */
export class ToolMachine {
  readonly tool: Tool;
  readonly #context: ToolContext;
  #state = 'idle';

  constructor(tool: Tool, context: ToolContext) {
    this.tool = tool;
    this.#context = context;
  }

  /** For instance `polygon.drawing`. */
  get path(): string {
    return `${this.tool.id}.${this.#state}`;
  }

  pointerDown(pointer: ToolPointer): void {
    this.#enter(this.#current.pointerDown?.(pointer, this.#context));
  }

  pointerMove(pointer: ToolPointer): void {
    this.#enter(this.#current.pointerMove?.(pointer, this.#context));
  }

  pointerUp(pointer: ToolPointer): void {
    this.#enter(this.#current.pointerUp?.(pointer, this.#context));
  }

  /** Whether the current state had something to finish. */
  finish(): boolean {
    return this.#handle(this.#current.finish);
  }

  /** Whether the current state had a step to take back. */
  stepBack(): boolean {
    return this.#handle(this.#current.stepBack);
  }

  /** Whether the current state had a draft to drop. */
  cancel(): boolean {
    return this.#handle(this.#current.cancel);
  }

  get #current(): ToolState {
    return this.tool.states[this.#state]!;
  }

  #handle(handler: Handler<[]> | undefined): boolean {
    if (!handler) return false;
    this.#enter(handler(this.#context));
    return true;
  }

  #enter(next: string | undefined): void {
    if (next) this.#state = next;
  }
}
