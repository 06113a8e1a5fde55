import type { ToolCommandId } from './editor/tools/registry.ts';
import type { Texts } from './i18n/en.ts';

/**
 * A command's name, under which profiles have its keys and dictionaries its label, unless a tool
 * brings it.
 */
export type CommandId = TextCommandId | ToolCommandId;
/** A command that dictionaries have the label of. */
export type TextCommandId = keyof Texts['commands'];
