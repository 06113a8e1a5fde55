import type { KeyProfile } from '../../app/api/settings.ts';
import { categoryKeys } from '../../core/category-keys.ts';
import type { CommandId } from '../command-id.ts';

/**
 * Shortcut presets of other tools. A profile names only what differs from the default; a key that
 * it gives to a command is taken from the command that has it by default.
 */
export const profileKeys: Readonly<
  Record<KeyProfile, Readonly<Partial<Record<CommandId, readonly string[]>>>>
> = {
  default: {},
  labelme: {
    // A browser keeps Ctrl+N to itself, so the default stays beside it.
    toolPolygon: ['Ctrl+N', 'P'],
    toolRectangle: ['Ctrl+R', 'Shift+R'],
    hideAll: ['T', 'Ctrl+H'],
    textPrompt: ['/'],
  },
  'x-anylabeling': {
    toolRectangle: ['R'],
    toolBox: ['Shift+R'],
    toolScribble: ['Shift+S'],
    accept: ['F', 'Enter'],
    hide: ['S', 'W'],
    actualSize: ['Ctrl+=', 'Ctrl+0'],
    zoomIn: ['+'],
    toolBrush: ['Shift+B', 'B'],
    union: ['Ctrl+Shift+M', 'Alt+U'],
  },
  cvat: {
    nextImage: ['F', 'PageDown'],
    previousImage: ['D', 'PageUp'],
    toolPolygon: ['N', 'P'],
    markEmpty: ['Shift+N'],
    quickCategory: digits('Ctrl+'),
    actualSize: ['Alt+0'],
  },
  'label-studio': {
    toolRectangle: ['R'],
    toolBox: ['Shift+R'],
    nextImage: ['Ctrl+ArrowRight', 'PageDown'],
    previousImage: ['Ctrl+ArrowLeft', 'PageUp'],
    escape: ['Escape', 'U'],
    hide: ['Alt+H', 'H'],
    lock: ['Alt+L', 'L'],
    simplify: ['Alt+Shift+L'],
    delete: ['Backspace', 'Delete'],
  },
};

/** The number keys of categories, with what is held beside them. */
export function digits(held = ''): readonly string[] {
  return categoryKeys.map((key) => held + key);
}
