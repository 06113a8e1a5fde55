import type { Component } from 'svelte';
import type { Language } from '../../../app/api/settings.ts';
import type { Box, Point } from '../../../core/geometry/shapes.ts';
import type { PromptMark } from '../../../core/prompt.ts';
import type { Annotation, Geometry, Keypoint, RecordId, Skeleton } from '../../../core/records.ts';
import type { Size } from './bounds.ts';
import type { DrawMode, ToolOptions } from './tool-options.svelte.ts';

/**
 * A tool is a small state machine over pointer events in image coordinates. It draws drafts and
 * hands out finished marks, shapes and changes; it knows neither the canvas nor the document.
 */

export interface ToolPointer {
  /** In image pixels; may lie outside the image. */
  readonly at: Point;
  readonly button: 'left' | 'right';
  readonly shift: boolean;
  readonly alt: boolean;
  /** Ctrl, or the Command key of a Mac. */
  readonly ctrl: boolean;
  /**
   * Size of one screen pixel in image pixels, for tolerances that should feel the same at any
   * zoom.
   */
  readonly screenPixel: number;
}

/** A region that has vertices or sides to take hold of. */
export type VectorGeometry = Exclude<Geometry, { kind: 'mask' | 'tag' }>;

/** The draft of a tool during drawing; it is not part of the document. */
export type Draft =
  | { readonly kind: 'box'; readonly box: Box }
  | {
      readonly kind: 'scribble';
      readonly points: readonly Point[];
      readonly width: number;
      readonly positive: boolean;
    }
  | { readonly kind: 'polygon'; readonly points: readonly Point[]; readonly isClosing: boolean }
  /** The keypoints set so far, and the name of the next one at the pointer. */
  | {
      readonly kind: 'keypoints';
      /** The region, whose stored keypoints are hidden meanwhile; null of a new region. */
      readonly annotationId: RecordId | null;
      readonly keypoints: readonly Keypoint[];
      readonly skeleton: Skeleton | null;
      readonly next: { readonly name: string; readonly at: Point } | null;
    }
  /** A brush where the pointer is, and what it has painted so far. */
  | {
      readonly kind: 'brush';
      readonly points: readonly Point[];
      readonly at: Point;
      readonly width: number;
      readonly erases: boolean;
    }
  /** All that the model is shown of the image. */
  | { readonly kind: 'crop'; readonly box: Box; readonly image: Size }
  /** Where a vertex or a side can be taken hold of. */
  | { readonly kind: 'grip'; readonly at: Point }
  /** Regions on their way to another place. */
  | { readonly kind: 'moved'; readonly annotations: readonly Annotation[]; readonly by: Point }
  /** A region with another outline. */
  | {
      readonly kind: 'reshaped';
      readonly annotation: Annotation;
      readonly geometry: VectorGeometry;
    };

export interface ToolContext {
  readonly imageSize: { readonly width: number; readonly height: number };
  readonly options: ToolOptions;
  /** Visible annotations under a point, the smallest first. */
  hitTest(at: Point): readonly RecordId[];
  /** Visible annotations that lie in a box with all of theirs. */
  within(box: Box): readonly RecordId[];
  /**
   * The nearest point of a visible outline within `reach` image pixels, vertices before edges;
   * else the point itself. The outline of `own` does not count.
   */
  snap(at: Point, reach: number, own: RecordId | null): Point;
  /** Selected annotations. */
  readonly selection: readonly Annotation[];
  select(ids: readonly RecordId[]): void;
  hover(id: RecordId | null): void;
  draw(draft: Draft | null): void;
  /** Shows the model no more than a part of the image; null shows it all of it. */
  showModel(crop: Box | null): void;
  /** Adds to the open prompt, or opens a new one. */
  addMark(mark: PromptMark, prompt: 'same' | 'new'): void;
  /** A finished shape: a region of its own, or a change of the selected one. */
  addShape(geometry: VectorGeometry, mode: DrawMode): void;
  /** A tag of the image, of the category that new regions get. */
  addTag(): undefined;
  /**
   * The skeleton whose keypoints are to be set: that of the selected region, or of the category
   * that new regions get; null, and the person told why, where there is none.
   */
  takeSkeleton(): Skeleton | null;
  /** The skeleton of a region's category; null where it has none, or one of another length. */
  skeletonOf(annotation: Annotation): Skeleton | null;
  /** Finished keypoints: of the selected region, or of a new one. */
  addKeypoints(keypoints: readonly Keypoint[]): void;
  /** Other keypoints of a region. */
  setKeypoints(annotation: Annotation, keypoints: readonly Keypoint[]): void;
  /** A finished stroke with round ends. */
  paint(stroke: readonly Point[], width: number, erases: boolean): void;
  /** Moves the selected regions by whole pixels. */
  moveSelection(by: Point): void;
  reshape(annotation: Annotation, geometry: VectorGeometry): void;
}

/** A handler returns the name of the next state, or nothing to stay. */
type Handler<Arguments extends unknown[]> = (
  ...values: [...Arguments, ToolContext]
) => string | undefined;

export interface ToolState {
  readonly pointerDown?: Handler<[ToolPointer]>;
  readonly pointerMove?: Handler<[ToolPointer]>;
  /** A state that handles it is one in which a button is held down. */
  readonly pointerUp?: Handler<[ToolPointer]>;
  /** The pointer has left the canvas. */
  readonly pointerLeave?: Handler<[]>;
  /** An arrow key: so many image pixels to the right and down. */
  readonly arrow?: Handler<[Point]>;
  /** An arrow key was let go. */
  readonly arrowUp?: Handler<[]>;
  /** Enter or a double click. */
  readonly finish?: Handler<[]>;
  /** Backspace and undo: take back the last vertex of a draft. */
  readonly stepBack?: Handler<[]>;
  /** Redo: puts the vertex that was taken back. */
  readonly stepForward?: Handler<[]>;
  /** Escape. */
  readonly cancel?: Handler<[]>;
  /** Another tool is taken; without this handler the draft is cancelled. */
  readonly leave?: Handler<[]>;
}

export interface Tool {
  readonly id: string;
  /** A CSS cursor. */
  readonly cursor: string;
  /** The states of a drag: keys begin it with one press and end it with another. */
  readonly dragStates: readonly string[];
  readonly states: { readonly idle: ToolState; readonly [name: string]: ToolState };
}

/** Options of a tool beside the canvas; each has a component in panels/tool-options. */
export const toolOptionIds = ['brush-size', 'draw-mode', 'crop', 'snap', 'region-actions'] as const;
export type ToolOptionId = (typeof toolOptionIds)[number];

/** Name and hint of a tool. */
export interface ToolWords {
  readonly label: string;
  readonly hint: string;
  /** The hint while handles of a region are shown; the usual one where there is none. */
  readonly hintWithHandles?: string;
}

/**
 * All that the window has to know of a tool; each file in this folder defines one or some related
 * ones.
 */
export interface ToolDefinition {
  /** Kebab-case; its command is called `tool` and this. */
  readonly id: string;
  readonly icon: Component<{ size?: number | string }>;
  /** The key that takes it in hand, unless a profile or the person chose another one. */
  readonly key: string;
  readonly words: Readonly<Record<Language, ToolWords>>;
  readonly options: readonly ToolOptionId[];
  /** A fresh tool: drafts of an earlier use are gone. */
  readonly make: () => Tool;
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

  /** Whether a gesture is under way that ends when the button is let go. */
  get isPressed(): boolean {
    return this.#current.pointerUp !== undefined;
  }

  pointerDown(pointer: ToolPointer): void {
    this.#handle(this.#current.pointerDown, pointer);
  }

  pointerMove(pointer: ToolPointer): void {
    this.#handle(this.#current.pointerMove, pointer);
  }

  pointerUp(pointer: ToolPointer): void {
    this.#handle(this.#current.pointerUp, pointer);
  }

  pointerLeave(): void {
    this.#handle(this.#current.pointerLeave);
  }

  /** Whether the current state had something to move. */
  arrow(by: Point): boolean {
    return this.#handle(this.#current.arrow, by);
  }

  arrowUp(): void {
    this.#handle(this.#current.arrowUp);
  }

  /** Whether the current state had something to finish. */
  finish(): boolean {
    return this.#handle(this.#current.finish);
  }

  /** Whether the current state had a step to take back. */
  stepBack(): boolean {
    return this.#handle(this.#current.stepBack);
  }

  /** Whether the current state had a step to take again. */
  stepForward(): boolean {
    return this.#handle(this.#current.stepForward);
  }

  /** Whether the current state had a draft to drop. */
  cancel(): boolean {
    return this.#handle(this.#current.cancel);
  }

  leave(): void {
    this.#handle(this.#current.leave ?? this.#current.cancel);
  }

  get #current(): ToolState {
    return this.tool.states[this.#state]!;
  }

  #handle<Arguments extends unknown[]>(
    handler: Handler<Arguments> | undefined,
    ...values: Arguments
  ): boolean {
    if (!handler) return false;
    this.#state = handler(...values, this.#context) ?? this.#state;
    return true;
  }
}
