import type { Tool } from './tool.ts';

/** Clicking selects the smallest region under the pointer; Alt+click goes on to the next one below. */
export function selectTool(): Tool {
  return {
    id: 'select',
    cursor: 'default',
    states: {
      idle: {
        pointerMove(pointer, context) {
          context.hover(context.hitTest(pointer.at)[0] ?? null);
          return undefined;
        },
        pointerDown(pointer, context) {
          const hits = context.hitTest(pointer.at);
          const selectedIndex = context.selectedId ? hits.indexOf(context.selectedId) : -1;
          const index = pointer.alt ? (selectedIndex + 1) % Math.max(hits.length, 1) : 0;
          context.select(hits[index] ?? null);
          return undefined;
        },
      },
    },
  };
}
