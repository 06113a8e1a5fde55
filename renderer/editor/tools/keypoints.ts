import PersonStanding from '@lucide/svelte/icons/person-standing';
import type { Point } from '../../../core/geometry/shapes.ts';
import { isLabelled } from '../../../core/project/keypoints.ts';
import type { Keypoint, Skeleton } from '../../../core/records.ts';
import { clampPoint } from './bounds.ts';
import { PlacedPoints } from './placed-points.ts';
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
  const keypoints = new PlacedPoints<Keypoint>((context) => show(context));
  let pointerAt: Point = [0, 0];

  const show = (context: ToolContext): void => {
    const name = skeleton?.keypoints[keypoints.placed.length];
    context.draw({
      kind: 'keypoints',
      annotationId: null,
      keypoints: keypoints.placed,
      skeleton: skeleton!,
      next: name === undefined ? null : { name, at: pointerAt },
    });
  };

  const end = (context: ToolContext): string => {
    const { placed } = keypoints;
    const missing = skeleton!.keypoints.length - placed.length;
    const all = [...placed, ...new Array<Keypoint>(missing).fill(unlabelled)];
    keypoints.drop(context);
    if (all.some(isLabelled)) context.addKeypoints(all);
    return 'idle';
  };

  const add = (pointer: ToolPointer, context: ToolContext): string => {
    const [x, y] = clampPoint(pointer.at, context.imageSize);
    pointerAt = [x, y];
    const isHidden = pointer.button === 'right' || pointer.alt;
    const next: Keypoint = pointer.shift ? unlabelled : [x, y, isHidden ? 1 : 2];
    keypoints.set([...keypoints.placed, next]);
    if (keypoints.placed.length === skeleton!.keypoints.length) return end(context);
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
        ...keypoints.handlers,
      },
    },
  };
}
