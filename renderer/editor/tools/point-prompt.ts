import { isInside } from './bounds.ts';
import type { Tool } from './tool.ts';

/** Left click: this belongs to it. Right click or Alt+click: this does not. Shift+click: another object. */
export function pointPromptTool(): Tool {
  return {
    id: 'point',
    cursor: 'crosshair',
    states: {
      idle: {
        pointerDown(pointer, context) {
          if (!isInside(pointer.at, context.imageSize)) return undefined;
          const positive = pointer.button === 'left' && !pointer.alt;
          const prompt = pointer.shift ? 'new' : 'same';
          context.addMark({ kind: 'point', at: pointer.at, positive }, prompt);
          return undefined;
        },
      },
    },
  };
}
