import type { OrderMove } from './editor/drawing-order.ts';
import type { Editor } from './editor/editor.svelte.ts';
import type { ToolId } from './editor/tools/tool.ts';
import { text } from './i18n/text.svelte.ts';
import type { Studio } from './studio.svelte.ts';

/**
 * Everything a person can do by key or menu, as data: buttons, menus and the shortcut sheet are made from it.
 */

export const commandGroups = [
  'tools',
  'prompt',
  'edit',
  'images',
  'view',
  'project',
  'help',
] as const;
export type CommandGroup = (typeof commandGroups)[number];

export interface Command {
  readonly id: CommandId;
  readonly label: string;
  readonly group: CommandGroup;
  /** The first one is shown beside the label. */
  readonly keys: readonly string[];
  isEnabled(studio: Studio): boolean;
  /** `keys` is the shortcut that was pressed; empty when it was not a key. */
  run(studio: Studio, keys: string): unknown;
}

export type CommandId = keyof typeof text.commands;

/** A command on the open project. */
function onEditor(
  id: CommandId,
  group: CommandGroup,
  keys: readonly string[],
  run: (editor: Editor, studio: Studio) => unknown,
  isEnabled: (editor: Editor) => boolean = () => true,
): Command {
  return {
    id,
    get label() {
      return text.commands[id];
    },
    group,
    keys,
    isEnabled: ({ editor }) => editor !== null && isEnabled(editor),
    run: (studio) => run(studio.editor!, studio),
  };
}

const hasImage = (editor: Editor) => editor.document.image !== null;
const hasProposal = (editor: Editor) => editor.activeProposal !== null;
const hasSelection = (editor: Editor) => editor.regions.selected !== null;

function toolCommand(id: CommandId, tool: ToolId, key: string): Command {
  return onEditor(id, 'tools', [key], (editor) => editor.useTool(tool));
}

function orderCommand(id: CommandId, move: OrderMove, keys: readonly string[]): Command {
  return onEditor(id, 'edit', keys, (editor) => editor.moveInOrder(move), hasSelection);
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const commands: readonly Command[] = [
  toolCommand('toolSelect', 'select', 'V'),
  toolCommand('toolPoint', 'point', 'Q'),
  toolCommand('toolBox', 'box', 'R'),
  toolCommand('toolScribble', 'scribble', 'S'),
  toolCommand('toolPolygon', 'polygon', 'P'),
  toolCommand('toolRectangle', 'rectangle', 'Shift+R'),
  onEditor('textPrompt', 'tools', ['T'], (_, studio) => studio.focusTextPrompt(), hasImage),

  onEditor('accept', 'prompt', ['Enter'], (editor) => editor.finish(), hasImage),
  onEditor('escape', 'prompt', ['Escape'], (editor) => editor.escape()),
  onEditor('nextProposal', 'prompt', ['Tab'], (editor) => editor.walk(1), hasProposal),
  onEditor('previousProposal', 'prompt', ['Shift+Tab'], (editor) => editor.walk(-1), hasProposal),
  {
    ...onEditor('quickCategory', 'prompt', digits, () => undefined),
    run: ({ editor }, keys) => editor!.useQuickCategory(digits.indexOf(keys)),
  },

  onEditor(
    'undo',
    'edit',
    ['Ctrl+Z'],
    (editor) => editor.travel('undo'),
    ({ document }) => document.canUndo,
  ),
  onEditor(
    'redo',
    'edit',
    ['Ctrl+Shift+Z', 'Ctrl+Y'],
    (editor) => editor.travel('redo'),
    ({ document }) => document.canRedo,
  ),
  onEditor('delete', 'edit', ['Delete', 'Backspace'], (editor) => editor.deleteOrStepBack()),
  onEditor('hide', 'edit', ['H'], (editor) => editor.regions.toggleSelected(), hasSelection),
  onEditor('hideAll', 'edit', ['Ctrl+H'], (editor) => editor.regions.toggleAll(), hasImage),
  onEditor('lock', 'edit', ['L'], (editor) => editor.regions.toggleLocked(), hasSelection),
  onEditor('selectAll', 'edit', ['Ctrl+A'], (editor) => editor.regions.selectAll(), hasImage),
  orderCommand('bringToFront', 'front', ['Shift+Home']),
  orderCommand('bringForward', 'forward', ['Shift+PageUp']),
  orderCommand('sendBackward', 'backward', ['Shift+PageDown']),
  orderCommand('sendToBack', 'back', ['Shift+End']),

  onEditor('nextImage', 'images', ['D', 'PageDown'], (editor) => editor.step(1), hasImage),
  onEditor('previousImage', 'images', ['A', 'PageUp'], (editor) => editor.step(-1), hasImage),
  onEditor(
    'nextUntouched',
    'images',
    ['Ctrl+Shift+D'],
    (editor) => editor.openNextUntouched(),
    hasImage,
  ),
  onEditor(
    'markDone',
    'images',
    ['Ctrl+Enter'],
    (editor) => editor.setImageState('done'),
    hasImage,
  ),
  onEditor(
    'markEmpty',
    'images',
    ['N'],
    (editor) => editor.setImageState('reviewed-empty'),
    (editor) => hasImage(editor) && editor.document.annotations.length === 0,
  ),

  onEditor('fit', 'view', ['Ctrl+F'], (editor) => editor.view.fit(), hasImage),
  onEditor('actualSize', 'view', ['Ctrl+0'], (editor) => editor.view.showActualSize(), hasImage),
  onEditor('zoomIn', 'view', ['+', 'Ctrl+='], (editor) => editor.view.zoom(1.25), hasImage),
  onEditor('zoomOut', 'view', ['-', 'Ctrl+-'], (editor) => editor.view.zoom(0.8), hasImage),

  dialogCommand('importFolder', 'import-folder'),
  dialogCommand('importCoco', 'import-coco'),
  dialogCommand('exportCoco', 'export-coco', ['Ctrl+E']),
  onEditor('backup', 'project', ['Ctrl+S'], (_, studio) => studio.backup()),
  onEditor('backups', 'project', [], ({ project }, studio) => studio.showBackups(project.file)),
  onEditor('check', 'project', [], (_, studio) => studio.check()),
  onEditor('closeProject', 'project', [], (_, studio) => studio.closeProject()),

  {
    id: 'models',
    label: text.commands.models,
    group: 'project',
    keys: [],
    isEnabled: () => true,
    run: (studio) => (studio.dialog = 'models'),
  },
  {
    id: 'shortcuts',
    get label() {
      return text.commands.shortcuts;
    },
    group: 'help',
    keys: ['F1', '?'],
    isEnabled: () => true,
    run: (studio) => (studio.dialog = 'shortcuts'),
  },
];

function dialogCommand(
  id: CommandId,
  dialog: NonNullable<Studio['dialog']>,
  keys: readonly string[] = [],
): Command {
  return onEditor(id, 'project', keys, (_, studio) => (studio.dialog = dialog));
}

export function command(id: CommandId): Command {
  return commands.find((known) => known.id === id)!;
}
