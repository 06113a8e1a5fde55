import MousePointer from '@lucide/svelte/icons/mouse-pointer-2';
import type { Point } from '../../../core/geometry/shapes.ts';
import { removeVertex } from '../../../core/geometry/vertices.ts';
import { keypointsOf } from '../../../core/project/keypoints.ts';
import type { Annotation, Keypoint, RecordId } from '../../../core/records.ts';
import { boxBetween, clampPoint, distance, shiftInside } from './bounds.ts';
import {
  dragGrip,
  gripAt,
  keypointAt,
  reshapableOutline,
  type Grip,
  type KeypointGrip,
} from './grips.ts';
import { snapped } from './snapped.ts';
import type { Tool, ToolDefinition, ToolContext, ToolPointer, VectorGeometry } from './tool.ts';

/** A press that moves less than this on the screen is a click. */
const clickReachPx = 4;

interface HeldOutline {
  readonly annotation: Annotation;
  readonly geometry: VectorGeometry;
  readonly grip: Grip;
}

interface HeldKeypoint {
  readonly annotation: Annotation;
  readonly keypoints: readonly Keypoint[];
  readonly grip: KeypointGrip;
}

type Held = HeldOutline | HeldKeypoint;

/**
 * Clicking selects the smallest region under the pointer; Alt+click goes on to the next one below,
 * Shift+click adds to the selection or takes out of it, a drag from empty ground selects what it
 * frames. Dragging a region moves the selection. A single selected polygon or box shows handles:
 * drag a vertex, an edge, or the middle of an edge for a new vertex; Alt+click takes a vertex out,
 * and makes a keypoint hidden or visible.
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
    { annotation, geometry, grip }: HeldOutline,
    pointer: ToolPointer,
    context: ToolContext,
  ) => dragGrip(geometry, grip, snapped(pointer, context, annotation.id), context.imageSize);

  const showHeld = (pointer: ToolPointer, context: ToolContext): void => {
    const { annotation } = held!;
    if ('geometry' in held!) {
      const geometry = reshaped(held, pointer, context);
      return context.draw({ kind: 'reshaped', annotation, geometry });
    }
    context.draw({
      kind: 'keypoints',
      annotationId: annotation.id,
      keypoints: keypointsMoved(held!, pointer, context),
      skeleton: context.skeletonOf(annotation),
      next: null,
    });
  };

  const commitHeld = (pointer: ToolPointer, context: ToolContext): void => {
    const { annotation } = held!;
    if ('geometry' in held!) context.reshape(annotation, reshaped(held, pointer, context));
    else context.setKeypoints(annotation, keypointsMoved(held!, pointer, context));
  };

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
          if (held && pointer.alt) return takeOut(held, context);
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
          if (!isClick(pointer)) showHeld(pointer, context);
          return undefined;
        },
        pointerUp(pointer, context) {
          context.draw(null);
          if (!isClick(pointer)) commitHeld(pointer, context);
          return 'idle';
        },
        cancel: dropShift,
      },
    },
  };
}

/** The handle under the pointer, of the region with handles. */
function heldAt(pointer: ToolPointer, { selection }: ToolContext): Held | null {
  const [annotation] = selection;
  if (!annotation || selection.length > 1) return null;
  const keypoints = keypointsOf(annotation);
  const keypoint = keypoints && keypointAt(keypoints, pointer.at, pointer.screenPixel);
  if (keypoint) return { annotation, keypoints, grip: keypoint };
  const geometry = reshapableOutline(annotation);
  const grip = geometry && gripAt(geometry, pointer.at, pointer.screenPixel);
  return grip && { annotation, geometry, grip };
}

/** A keypoint becomes hidden or visible; a vertex is taken out. */
function takeOut(held: Held, context: ToolContext): undefined {
  if ('geometry' in held) return takeVertexOut(held, context);
  const { annotation, keypoints, grip } = held;
  const [x, y, visibility] = keypoints[grip.index]!;
  context.draw(null);
  context.setKeypoints(annotation, keypoints.with(grip.index, [x, y, visibility === 2 ? 1 : 2]));
}

function keypointsMoved(
  { keypoints, grip }: HeldKeypoint,
  { at }: ToolPointer,
  { imageSize }: ToolContext,
): readonly Keypoint[] {
  const [x, y] = clampPoint(at, imageSize);
  return keypoints.with(grip.index, [x, y, keypoints[grip.index]![2]]);
}

/**
 * The last vertex of the last ring stays, for a region cannot be without an outline; the last two
 * of a line.
 */
function takeVertexOut(
  { annotation, geometry, grip }: HeldOutline,
  context: ToolContext,
): undefined {
  if (geometry.kind === 'polyline' && grip.kind === 'vertex') {
    const points = geometry.points.toSpliced(2 * grip.place.vertex, 2);
    context.draw(null);
    if (points.length >= 4) context.reshape(annotation, { kind: 'polyline', points });
    return;
  }
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
