import type { Texts } from './i18n/en.ts';

/** A command's name, under which dictionaries have its label and profiles its keys. */
export type CommandId = keyof Texts['commands'];
