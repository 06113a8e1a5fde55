import Crosshair from '@lucide/svelte/icons/crosshair';
import { isInside } from './bounds.ts';
import type { Tool, ToolDefinition } from './tool.ts';

/**
 * Left click: this belongs to it. Right click or Alt+click: this does not. Shift+click: another
 * object.
 */
export const pointPromptTool = {
  id: 'point',
  icon: Crosshair,
  key: 'Q',
  words: {
    en: {
      label: 'Point prompt',
      hint: 'Click the object. Right click what does not belong to it.',
    },
    'zh-CN': { label: '点提示', hint: '单击目标；右键单击不属于目标的地方。' },
  },
  options: ['crop'],
  make: makePointPromptTool,
} as const satisfies ToolDefinition;

function makePointPromptTool(): Tool {
  return {
    id: 'point',
    cursor: 'crosshair',
    dragStates: [],
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
