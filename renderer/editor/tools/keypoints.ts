import PersonStanding from '@lucide/svelte/icons/person-standing';
import type { Point } from '../../../core/geometry/shapes.ts';
import type { Keypoint, Skeleton } from '../../../core/records.ts';
import { clampPoint } from './bounds.ts';
import type { Tool, ToolContext, ToolDefinition, ToolPointer } from './tool.ts';

/**
 * Clicks set the keypoints of a skeleton, one after the other: the left button a visible one, the
 * right button or Alt a hidden one, Shift leaves one out. The last one, or Enter, ends it.
 */
export const keypointsTool = {
  id: 'keypoints',
  icon: PersonStanding,
  key: 'K',
  words: {
    en: {
      label: 'Set keypoints',
      hint: 'Click the keypoint that is named. Right click: hidden. Shift + click: leave out. Enter ends.',
    },
    'zh-CN': {
      label: '放置关键点',
      hint: '单击放置所示名称的关键点。右键：被遮挡。Shift + 单击：跳过。Enter 结束。',
    },
  },
  options: [],
  make: makeKeypointsTool,
} as const satisfies ToolDefinition;

const unlabelled: Keypoint = [0, 0, 0];

function makeKeypointsTool(): Tool {
  let skeleton: Skeleton | null = null;
  let set: Keypoint[] = [];
  let undone: Keypoint[] = [];
  let pointerAt: Point = [0, 0];

  const show = (context: ToolContext): void => {
    const name = skeleton?.keypoints[set.length];
    context.draw({
      kind: 'keypoints',
      annotationId: null,
      keypoints: set,
      skeleton: skeleton!,
      next: name === undefined ? null : { name, at: pointerAt },
    });
  };

  const drop = (context: ToolContext): string => {
    context.draw(null);
    set = [];
    undone = [];
    return 'idle';
  };

  const end = (context: ToolContext): string => {
    const missing = skeleton!.keypoints.length - set.length;
    const keypoints = [...set, ...new Array<Keypoint>(missing).fill(unlabelled)];
    drop(context);
    if (keypoints.some(([, , visibility]) => visibility > 0)) context.addKeypoints(keypoints);
    return 'idle';
  };

  const add = (pointer: ToolPointer, context: ToolContext): string => {
    const [x, y] = clampPoint(pointer.at, context.imageSize);
    pointerAt = [x, y];
    const isHidden = pointer.button === 'right' || pointer.alt;
    set = [...set, pointer.shift ? unlabelled : [x, y, isHidden ? 1 : 2]];
    undone = [];
    if (set.length === skeleton!.keypoints.length) return end(context);
    show(context);
    return 'setting';
  };

  return {
    id: 'keypoints',
    cursor: 'crosshair',
    dragStates: [],
    states: {
      idle: {
        pointerDown(pointer, context) {
          skeleton = context.takeSkeleton();
          return skeleton ? add(pointer, context) : undefined;
        },
      },
      setting: {
        pointerMove(pointer, context) {
          pointerAt = pointer.at;
          show(context);
          return undefined;
        },
        pointerDown: add,
        finish: end,
        stepBack(context) {
          if (set.length <= 1) return drop(context);
          undone = [...undone, set.at(-1)!];
          set = set.slice(0, -1);
          show(context);
          return undefined;
        },
        stepForward(context) {
          const next = undone.at(-1);
          if (!next) return undefined;
          undone = undone.slice(0, -1);
          set = [...set, next];
          show(context);
          return undefined;
        },
        cancel: drop,
        leave(context) {
          show(context);
          return undefined;
        },
      },
    },
  };
}
