import MousePointer from '@lucide/svelte/icons/mouse-pointer-2';
import type { Point } from '../../../core/geometry/shapes.ts';
import { removeVertex } from '../../../core/geometry/vertices.ts';
import type { Annotation, RecordId } from '../../../core/records.ts';
import { boxBetween, distance, shiftInside } from './bounds.ts';
import { dragGrip, gripAt, type Grip } from './grips.ts';
import { snapped } from './snapped.ts';
import type { Tool, ToolDefinition, ToolContext, ToolPointer, VectorGeometry } from './tool.ts';

/** A press that moves less than this on the screen is a click. */
const clickReachPx = 4;

interface Held {
  readonly annotation: Annotation;
  readonly geometry: VectorGeometry;
  readonly grip: Grip;
}

/**
 * Clicking selects the smallest region under the pointer; Alt+click goes on to the next one below,
 * Shift+click adds to the selection or takes out of it, a drag from empty ground selects what it
 * frames. Dragging a region moves the selection. A single selected polygon or box shows handles:
 * drag a vertex, an edge, or the middle of an edge for a new vertex; Alt+click takes a vertex out.
 */
export const selectTool = {
  id: 'select',
  icon: MousePointer,
  key: 'V',
  words: {
    en: {
      label: 'Select',
      hint: 'Click or frame regions, drag to move them. Shift + click adds one.',
      hintWithHandles: 'Drag vertices, edges or their middles. Alt + click takes a vertex out.',
    },
    'zh-CN': {
      label: '选择',
      hint: '单击或框选区域，拖动即可移动。Shift + 单击可加选。',
      hintWithHandles: '拖动顶点、边或边的中点。Alt + 单击移除顶点。',
    },
  },
  options: ['snap', 'region-actions'],
  make: makeSelectTool,
} as const satisfies ToolDefinition;

function makeSelectTool(): Tool {
  let start: Point = [0, 0];
  let pressed: RecordId | null = null;
  let held: Held | null = null;
  let shift: Point = [0, 0];

  const isClick = (pointer: ToolPointer) =>
    distance(start, pointer.at) < clickReachPx * pointer.screenPixel;

  const shiftBy = (by: Point, context: ToolContext) => {
    shift = shiftInside(context.selection, by, context.imageSize);
    context.draw({ kind: 'moved', annotations: context.selection, by: shift });
  };

  const shiftTo = ({ at }: ToolPointer, context: ToolContext) =>
    shiftBy([at[0] - start[0], at[1] - start[1]], context);

  const dropShift = (context: ToolContext) => {
    context.draw(null);
    return 'idle';
  };

  const commitShift = (context: ToolContext) => {
    context.draw(null);
    if (shift[0] !== 0 || shift[1] !== 0) context.moveSelection(shift);
    return 'idle';
  };

  const frame = (pointer: ToolPointer, context: ToolContext) =>
    boxBetween(start, pointer.at, context.imageSize);

  const reshaped = (
    { annotation, geometry, grip }: Held,
    pointer: ToolPointer,
    context: ToolContext,
  ) => dragGrip(geometry, grip, snapped(pointer, context, annotation.id), context.imageSize);

  return {
    id: 'select',
    cursor: 'default',
    dragStates: ['reshaping'],
    states: {
      idle: {
        pointerMove(pointer, context) {
          const grip = heldAt(pointer, context)?.grip;
          context.draw(grip ? { kind: 'grip', at: grip.at } : null);
          context.hover(grip ? null : (context.hitTest(pointer.at)[0] ?? null));
          return undefined;
        },
        pointerLeave: dropShift,
        pointerDown(pointer, context) {
          if (pointer.button !== 'left') return undefined;
          start = pointer.at;
          held = pointer.shift ? null : heldAt(pointer, context);
          if (held && pointer.alt) return takeVertexOut(held, context);
          if (held) return 'reshaping';
          const hits = context.hitTest(pointer.at);
          if (pointer.shift) {
            if (hits[0]) context.select(toggled(context.selection, hits[0]));
            return hits[0] ? undefined : 'framing';
          }
          if (pointer.alt) {
            context.select(nextBelow(hits, context.selection));
            return undefined;
          }
          pressed = hits[0] ?? null;
          if (!pressed) return 'framing';
          const isSelected = context.selection.some(({ id }) => hits.includes(id));
          if (!isSelected) context.select([pressed]);
          return 'pressing';
        },
        arrow(by, context) {
          if (context.selection.length === 0) return undefined;
          shiftBy(by, context);
          return 'nudging';
        },
      },
      pressing: {
        pointerMove(pointer, context) {
          if (isClick(pointer)) return undefined;
          shiftTo(pointer, context);
          return 'moving';
        },
        pointerUp(_, context) {
          if (pressed) context.select([pressed]);
          return 'idle';
        },
        cancel: () => 'idle',
      },
      moving: {
        pointerMove(pointer, context) {
          shiftTo(pointer, context);
          return undefined;
        },
        pointerUp(pointer, context) {
          shiftTo(pointer, context);
          return commitShift(context);
        },
        cancel: dropShift,
      },
      nudging: {
        arrow(by, context) {
          shiftBy([shift[0] + by[0], shift[1] + by[1]], context);
          return undefined;
        },
        arrowUp: commitShift,
        pointerMove: (_, context) => commitShift(context),
        pointerDown: (_, context) => commitShift(context),
        finish: commitShift,
        leave: commitShift,
        cancel: dropShift,
      },
      framing: {
        pointerMove(pointer, context) {
          if (!isClick(pointer)) context.draw({ kind: 'box', box: frame(pointer, context) });
          return undefined;
        },
        pointerUp(pointer, context) {
          context.draw(null);
          const kept = pointer.shift ? context.selection.map(({ id }) => id) : [];
          const framed = isClick(pointer) ? [] : context.within(frame(pointer, context));
          context.select([...kept, ...framed.filter((id) => !kept.includes(id))]);
          return 'idle';
        },
        cancel: dropShift,
      },
      reshaping: {
        pointerMove(pointer, context) {
          if (isClick(pointer)) return undefined;
          const { annotation } = held!;
          context.draw({
            kind: 'reshaped',
            annotation,
            geometry: reshaped(held!, pointer, context),
          });
          return undefined;
        },
        pointerUp(pointer, context) {
          context.draw(null);
          if (!isClick(pointer))
            context.reshape(held!.annotation, reshaped(held!, pointer, context));
          return 'idle';
        },
        cancel: dropShift,
      },
    },
  };
}

/** What the pointer takes hold of, of the one region that shows handles. */
function heldAt(pointer: ToolPointer, { selection }: ToolContext): Held | null {
  const [annotation] = selection;
  if (!annotation || selection.length > 1 || annotation.geometry.kind === 'mask') return null;
  const { geometry } = annotation;
  const grip = gripAt(geometry, pointer.at, pointer.screenPixel);
  return grip && { annotation, geometry, grip };
}

/** The last vertex of the last ring stays, for a region cannot be without an outline. */
function takeVertexOut({ annotation, geometry, grip }: Held, context: ToolContext): undefined {
  if (geometry.kind !== 'polygon' || grip.kind !== 'vertex') return;
  const parts = removeVertex(geometry.parts, grip.place);
  context.draw(null);
  if (parts.length > 0) context.reshape(annotation, { kind: 'polygon', parts });
}

function toggled(selection: readonly Annotation[], id: RecordId): RecordId[] {
  const ids = selection.map((annotation) => annotation.id);
  return ids.includes(id) ? ids.filter((known) => known !== id) : [...ids, id];
}

/** The region under the selected one, around the end. */
function nextBelow(hits: readonly RecordId[], selection: readonly Annotation[]): RecordId[] {
  const index = hits.findIndex((id) => selection.some((annotation) => annotation.id === id));
  return hits
    .slice(index + 1, index + 2)
    .concat(hits.slice(0, 1))
    .slice(0, 1);
}
