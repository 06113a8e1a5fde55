import { tick } from 'svelte';
import type { CommandId, TextCommandId } from './command-id.ts';
import type { PartOperation } from '../core/geometry/boolean.ts';
import { enclosesPixels } from '../core/geometry/region.ts';
import type { OrderMove } from './editor/drawing-order.ts';
import type { Editor } from './editor/editor.svelte.ts';
import type { PromptSeat } from './editor/proposal.ts';
import { toolCommandId, tools, type ToolId } from './editor/tools/registry.ts';
import type { ToolDefinition, ToolOptionId } from './editor/tools/tool.ts';
import { english } from './i18n/en.ts';
import type { FocusTarget } from './editor/focus-target.ts';
import { spokenOf, text } from './i18n/text.svelte.ts';
import { keysOf } from './keys/key-map.svelte.ts';
import { digits } from './keys/profiles.ts';
import { walkPanes } from './panes.ts';
import type { SidePanelId, Studio, ViewId } from './studio.svelte.ts';

/**
 * Everything a person can do by key or menu, as data: buttons, menus, the command palette and the
 * shortcut sheet are made from it. The keys named here are the default; profiles and the person
 * may change them.
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
  /** In the language that is chosen. */
  readonly label: string;
  /** English search words in every language. */
  readonly englishLabel: string;
  readonly group: CommandGroup;
  readonly defaultKeys: readonly string[];
  /**
   * In the profile that is chosen, with the person's own changes; the first one is shown beside
   * the label.
   */
  readonly keys: readonly string[];
  isEnabled(studio: Studio): boolean;
  /** `keys` is the shortcut that was pressed; empty when it was not a key. */
  run(studio: Studio, keys: string): unknown;
}

export type { CommandId };

/** A command that needs no open project. */
function onStudio(
  id: TextCommandId,
  group: CommandGroup,
  defaultKeys: readonly string[],
  run: (studio: Studio, keys: string) => unknown,
  isEnabled: (studio: Studio) => boolean = () => true,
): Command {
  return {
    id,
    group,
    defaultKeys,
    isEnabled,
    run,
    englishLabel: english.commands[id],
    get label() {
      return text.commands[id];
    },
    get keys() {
      return keysOf(id) ?? defaultKeys;
    },
  };
}

/** A command on the open project. */
function onEditor(
  id: TextCommandId,
  group: CommandGroup,
  defaultKeys: readonly string[],
  run: (editor: Editor, studio: Studio, keys: string) => unknown,
  isEnabled: (editor: Editor) => boolean = () => true,
): Command {
  return onStudio(
    id,
    group,
    defaultKeys,
    (studio, keys) => run(studio.editor!, studio, keys),
    ({ editor, makesRegions }) =>
      editor !== null && (makesRegions || !isOfRegions(id, group)) && isEnabled(editor),
  );
}

/**
 * Whether a command makes or changes regions, or says of an image that its regions are done: a
 * view that only shows them has none.
 */
function isOfRegions(id: TextCommandId, group: CommandGroup): boolean {
  if (group === 'tools' || group === 'prompt') return id !== 'escape';
  if (group === 'edit') return id !== 'undo' && id !== 'redo';
  return id === 'markDone' || id === 'markEmpty';
}

const fillStep = 0.1;

const hasImage = (editor: Editor) => editor.document.image !== null;
/** With one mask alone, Tab goes on through the window. */
const hasSeveralProposals = ({ document: { image }, proposals }: Editor) =>
  image !== null && proposals.prompts.stops(image.id) > 1;
const isComparing = ({ comparison }: Editor) => comparison.modelId !== null;
const hasSelection = (editor: Editor) => editor.regions.selected !== null;

const hasInside = ({ regions: { selected } }: Editor) =>
  selected !== null && enclosesPixels(selected.geometry);
const hasOutline = (editor: Editor) =>
  hasInside(editor) && editor.regions.selected?.geometry.kind !== 'box';
const hasSeveral = (editor: Editor) => editor.regions.selection.length > 1;
const hasToolOption = (option: ToolOptionId) => (editor: Editor) =>
  editor.tools.definition.options.includes(option);
const hasBrush = hasToolOption('brush-size');
const isDrawingPolygon = ({ tools }: Editor) => tools.draft?.kind === 'polygon';

function combineCommand(operation: PartOperation, key: string): Command {
  return onEditor(operation, 'edit', [key], ({ edits }) => edits.combine(operation), hasSeveral);
}

/** Takes a tool in hand; the tool itself says what it is called and which key it has. */
function toolCommand({ id, key, words }: ToolDefinition & { readonly id: ToolId }): Command {
  const commandId = toolCommandId(id);
  const defaultKeys = [key];
  return {
    id: commandId,
    group: 'tools',
    defaultKeys,
    englishLabel: words.en.label,
    isEnabled: ({ editor, makesRegions }) => editor !== null && makesRegions,
    run: ({ editor }) => editor!.tools.take(id),
    get label() {
      return spokenOf(words).label;
    },
    get keys() {
      return keysOf(commandId) ?? defaultKeys;
    },
  };
}

/** Takes the answer of one of two models that are compared. */
function takeCommand(id: TextCommandId, seat: PromptSeat, key: string): Command {
  const hasAnswer = ({ comparison }: Editor) => comparison.canTake(seat);
  return onEditor(id, 'prompt', [key], (editor) => editor.take(seat), hasAnswer);
}

function orderCommand(id: TextCommandId, move: OrderMove, keys: readonly string[]): Command {
  return onEditor(id, 'edit', keys, (editor) => editor.moveInOrder(move), hasSelection);
}

export const commands: readonly Command[] = [
  ...tools.map(toolCommand),
  onEditor('brushSmaller', 'tools', ['['], ({ tools }) => tools.options.growBrush(-1), hasBrush),
  onEditor('brushLarger', 'tools', [']'], ({ tools }) => tools.options.growBrush(1), hasBrush),
  onEditor('textPrompt', 'tools', ['T'], (_, studio) => studio.textPrompt.focus(), hasImage),

  onEditor('accept', 'prompt', ['Enter', 'F'], (editor) => editor.finish(), hasImage),
  onEditor('escape', 'prompt', ['Escape'], (editor) => editor.escape()),
  onEditor(
    'nextProposal',
    'prompt',
    ['Tab'],
    (editor) => editor.proposals.walk(1),
    hasSeveralProposals,
  ),
  onEditor(
    'previousProposal',
    'prompt',
    ['Shift+Tab'],
    (editor) => editor.proposals.walk(-1),
    hasSeveralProposals,
  ),
  onEditor(
    'compareModels',
    'prompt',
    [],
    (_, studio) => (studio.dialog = 'compare-models'),
    hasImage,
  ),
  takeCommand('takeFirst', 'chosen', 'Shift+1'),
  takeCommand('takeSecond', 'other', 'Shift+2'),
  onEditor('stopComparing', 'prompt', [], ({ comparison }) => comparison.end(), isComparing),
  onEditor('quickCategory', 'prompt', digits(), (editor, _, keys) =>
    editor.useQuickCategory(keys.at(-1)!),
  ),

  onEditor(
    'undo',
    'edit',
    ['Ctrl+Z'],
    (editor) => editor.travel('undo'),
    (editor) => editor.document.canUndo || isDrawingPolygon(editor),
  ),
  onEditor(
    'redo',
    'edit',
    ['Ctrl+Shift+Z', 'Ctrl+Y'],
    (editor) => editor.travel('redo'),
    (editor) => editor.document.canRedo || isDrawingPolygon(editor),
  ),
  onEditor('delete', 'edit', ['Delete', 'Backspace'], (editor) => editor.deleteOrStepBack()),
  onEditor('copy', 'edit', ['Ctrl+C'], ({ edits }) => edits.copy(), hasSelection),
  onEditor('paste', 'edit', ['Ctrl+V'], ({ edits }) => edits.paste(), hasImage),
  onEditor('duplicate', 'edit', ['Ctrl+D'], ({ edits }) => edits.duplicate(), hasSelection),
  onEditor('copyToNext', 'edit', ['Ctrl+B'], (editor) => editor.copyToNext(), hasSelection),
  onEditor(
    'propagate',
    'edit',
    ['Ctrl+Shift+B'],
    (_, studio) => (studio.dialog = 'propagate'),
    hasSelection,
  ),
  onEditor('repeatLast', 'edit', ['Alt+N'], (editor) => editor.repeatLast(), hasImage),
  combineCommand('union', 'Alt+U'),
  combineCommand('subtract', 'Alt+S'),
  combineCommand('intersect', 'Alt+I'),
  combineCommand('exclude', 'Alt+X'),
  onEditor('split', 'edit', ['Alt+P'], ({ edits }) => edits.split(), hasSelection),
  onEditor('fillHoles', 'edit', ['Alt+O'], ({ edits }) => edits.fillHoles(), hasSelection),
  onEditor('toPolygon', 'edit', ['Alt+G'], ({ edits }) => edits.convert('polygon'), hasSelection),
  onEditor('toMask', 'edit', ['Alt+M'], ({ edits }) => edits.convert('mask'), hasSelection),
  onEditor('simplify', 'edit', ['Alt+L'], (editor) => editor.outline.simplify(), hasOutline),
  onEditor('refineEdge', 'edit', ['Alt+E'], (editor) => editor.outline.refineEdge(), hasInside),
  onEditor('hide', 'edit', ['H'], (editor) => editor.regions.toggleSelected(), hasSelection),
  onEditor('hideAll', 'edit', ['Ctrl+H'], (editor) => editor.regions.toggleAll(), hasImage),
  onEditor('lock', 'edit', ['L'], (editor) => editor.regions.toggleLocked(), hasSelection),
  onEditor('selectAll', 'edit', ['Ctrl+A'], (editor) => editor.regions.selectAll(), hasImage),
  orderCommand('bringToFront', 'front', ['Shift+Home']),
  orderCommand('bringForward', 'forward', ['Shift+PageUp']),
  orderCommand('sendBackward', 'backward', ['Shift+PageDown']),
  orderCommand('sendToBack', 'back', ['Shift+End']),

  onEditor('nextImage', 'images', ['D', 'PageDown'], (editor) => editor.opened.step(1), hasImage),
  onEditor(
    'previousImage',
    'images',
    ['A', 'PageUp'],
    (editor) => editor.opened.step(-1),
    hasImage,
  ),
  onEditor(
    'nextUntouched',
    'images',
    ['Ctrl+Shift+D'],
    (editor) => editor.opened.showNextOpen(),
    hasImage,
  ),
  onEditor(
    'backToImage',
    'images',
    ['Alt+A'],
    (editor) => editor.opened.revisit(-1),
    (editor) => editor.opened.visited.canGoBack,
  ),
  onEditor(
    'forwardToImage',
    'images',
    ['Alt+D'],
    (editor) => editor.opened.revisit(1),
    (editor) => editor.opened.visited.canGoForward,
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

  onEditor(
    'searchImages',
    'images',
    [],
    (_, studio) => showImagePanel(studio, studio.imageSearch),
    hasImage,
  ),
  onEditor(
    'filterImages',
    'images',
    [],
    (_, studio) => showImagePanel(studio, studio.imageCriteria),
    hasImage,
  ),
  onEditor('imageGrid', 'images', [], (_, studio) => studio.toggleImageView(), hasImage),

  onEditor('imageLook', 'view', [], (_, studio) => showImageLook(studio), hasImage),
  onEditor(
    'filterRegions',
    'view',
    [],
    (_, studio) => showRegionFilter(studio),
    ({ document }) => document.annotations.length > 0,
  ),
  onEditor('fit', 'view', ['Ctrl+F'], (editor) => editor.view.fit(), hasImage),
  onEditor('fillLess', 'view', [','], (_, studio) => changeFill(studio, -1), hasImage),
  onEditor('fillMore', 'view', ['.'], (_, studio) => changeFill(studio, 1), hasImage),
  onEditor('nameTags', 'view', ['Shift+T'], (_, studio) => toggleNameTags(studio), hasImage),
  onEditor('actualSize', 'view', ['Ctrl+0'], (editor) => editor.view.showActualSize(), hasImage),
  onEditor('zoomIn', 'view', ['+', 'Ctrl+='], (editor) => editor.view.zoom(1.25), hasImage),
  onEditor('zoomOut', 'view', ['-', 'Ctrl+-'], (editor) => editor.view.zoom(0.8), hasImage),

  onStudio('createProject', 'project', [], (studio) => (studio.dialog = 'create-project')),
  onStudio('openProject', 'project', ['Ctrl+O'], (studio) => (studio.dialog = 'open-project')),
  onStudio('openSample', 'project', [], (studio) => studio.openSample()),
  onStudio('openBenchmark', 'project', [], (studio) => studio.openBenchmark()),
  dialogCommand('importFolder', 'import-folder'),
  onEditor('importDataset', 'project', [], (_, studio) => studio.showDatasetImport()),
  dialogCommand('exportDataset', 'export-dataset', ['Ctrl+E']),
  dialogCommand('compareDatasets', 'compare-datasets'),
  dialogCommand('categories', 'categories'),
  dialogCommand('statistics', 'statistics', ['Ctrl+G']),
  dialogCommand('labelImages', 'label-images'),
  onEditor('draftItems', 'project', [], (_, studio) => studio.draftItems()),
  dialogCommand('checkRegions', 'check-regions'),
  dialogCommand('trainModel', 'train-model'),
  viewCommand('viewAnnotate', 'annotate', 'Alt+3'),
  viewCommand('viewAuthor', 'author', 'Alt+4'),
  viewCommand('viewReview', 'review', 'Alt+5'),
  viewCommand('viewResults', 'results', 'Alt+6'),
  panelCommand('showRegions', 'regions'),
  panelCommand('showTexts', 'texts'),
  panelCommand('showHistory', 'history'),
  dialogCommand('saveAs', 'save-as'),
  dialogCommand('handOut', 'hand-out'),
  dialogCommand('mergeHandout', 'merge-handout'),
  onEditor('backup', 'project', ['Ctrl+S'], (_, studio) => studio.backup()),
  onEditor('backups', 'project', [], ({ project }, studio) => studio.showBackups(project.file)),
  onEditor('check', 'project', [], (_, studio) => studio.check()),
  onEditor('closeProject', 'project', [], (_, studio) => studio.closeProject()),

  onStudio('models', 'project', [], (studio) => (studio.dialog = 'models')),
  onEditor('toggleImagePanel', 'view', ['Alt+1'], (_, studio) =>
    studio.changeSettings({ hasImagePanel: !studio.settings.current.hasImagePanel }),
  ),
  onEditor('toggleSidePanel', 'view', ['Alt+2'], (_, studio) =>
    studio.changeSettings({ hasSidePanel: !studio.settings.current.hasSidePanel }),
  ),
  onStudio('nextPane', 'view', ['F6'], () => walkPanes(1)),
  onStudio('previousPane', 'view', ['Shift+F6'], () => walkPanes(-1)),
  onStudio('palette', 'help', ['Ctrl+K', 'Ctrl+Shift+P'], (studio) => (studio.dialog = 'palette')),
  onStudio('settings', 'help', ['Ctrl+,'], (studio) => (studio.dialog = 'settings')),
  onStudio('shortcuts', 'help', ['F1', '?'], (studio) => (studio.dialog = 'shortcuts')),
  onStudio('tour', 'help', [], (studio) => studio.startTour()),
  onStudio('releaseNotes', 'help', [], (studio) => (studio.dialog = 'release-notes')),
];

/** Fills regions a step more or less. */
function changeFill(studio: Studio, by: 1 | -1): Promise<void> {
  const { fillOpacity } = studio.settings.current;
  const next = Math.round((fillOpacity + by * fillStep) * 100) / 100;
  return studio.changeSettings({ fillOpacity: Math.min(Math.max(next, 0), 1) });
}

function toggleNameTags(studio: Studio): Promise<void> {
  return studio.changeSettings({ hasNameTags: !studio.settings.current.hasNameTags });
}

/** Review and Results have no list of images. */
async function showImagePanel(studio: Studio, place: FocusTarget): Promise<void> {
  if (studio.view === 'review' || studio.view === 'results') studio.view = 'annotate';
  if (!studio.settings.current.hasImagePanel) {
    void studio.changeSettings({ hasImagePanel: true });
  }
  await tick();
  place.focus();
}

/** Results has no canvas. */
async function showImageLook(studio: Studio): Promise<void> {
  if (studio.view === 'results') studio.view = 'annotate';
  await tick();
  studio.imageLook.focus();
}

/** Only Annotate has the list of regions. */
async function showRegionFilter(studio: Studio): Promise<void> {
  studio.view = 'annotate';
  studio.showSidePanel('regions');
  await tick();
  studio.regionFilter.focus();
}

function dialogCommand(
  id: TextCommandId,
  dialog: NonNullable<Studio['dialog']>,
  keys: readonly string[] = [],
): Command {
  return onEditor(id, 'project', keys, (_, studio) => (studio.dialog = dialog));
}

function viewCommand(id: TextCommandId, view: ViewId, key: string): Command {
  return onEditor(id, 'view', [key], (_, studio) => (studio.view = view));
}

function panelCommand(id: TextCommandId, panel: SidePanelId): Command {
  return onEditor(id, 'view', [], (_, studio) => studio.showSidePanel(panel));
}

export function command(id: CommandId): Command {
  return commands.find((known) => known.id === id)!;
}
