import type { Tool } from './tool.ts';

/**
 * Selects the region that is pressed, and changes none: what is in hand where regions are only
 * looked at. It is no tool that a person takes.
 */
export function pickTool(): Tool {
  return {
    id: 'pick',
    cursor: 'pointer',
    dragStates: [],
    states: {
      idle: {
        pointerMove(pointer, context) {
          context.hover(context.hitTest(pointer.at)[0] ?? null);
          return undefined;
        },
        pointerLeave(context) {
          context.hover(null);
          return undefined;
        },
        pointerDown(pointer, context) {
          if (pointer.button === 'left') context.select(context.hitTest(pointer.at).slice(0, 1));
          return undefined;
        },
      },
    },
  };
}
