import Tag from '@lucide/svelte/icons/tag';
import type { ToolContext, ToolDefinition } from './tool.ts';

/**
 * A click anywhere, or Enter, tags the whole image with the category that new regions get.
 */
export const imageTagTool = {
  id: 'tag',
  icon: Tag,
  key: 'Shift+I',
  words: {
    en: {
      label: 'Tag the image',
      hint: 'Click, or press Enter, to give the whole image a category. Number keys choose it.',
    },
    'zh-CN': {
      label: '为图像加标签',
      hint: '单击或按 Enter，为整个图像加上类别。数字键选择类别。',
    },
  },
  options: [],
  make() {
    const add = (context: ToolContext): undefined => context.addTag();
    return {
      id: 'tag',
      cursor: 'copy',
      dragStates: [],
      states: {
        idle: {
          pointerDown: (pointer, context) => (pointer.button === 'left' ? add(context) : undefined),
          finish: add,
        },
      },
    };
  },
} as const satisfies ToolDefinition;
