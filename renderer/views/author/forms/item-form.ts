import type { Component } from 'svelte';
import { contentOf, valuesOf, type FieldValues } from '../../../../core/tasks/fields.ts';
import { taskOf } from '../../../../core/tasks/registry.ts';
import type { Item } from '../../../../core/records.ts';
import type { Editor } from '../../../editor/editor.svelte.ts';
import type { Studio } from '../../../studio.svelte.ts';
import type { Authoring } from '../author.svelte.ts';

/** The props of a form, which reads and changes the draft of the author view. */
export interface FormProps {
  readonly studio: Studio;
  readonly editor: Editor;
  readonly authoring: Authoring;
}

type Task = Item['task'];

/** The form of a task in the author view, with the fields that it holds. */
export interface ItemForm<Fields = unknown> {
  readonly component: Component<FormProps>;
  /** The fields of an item; of a new one where it is null. */
  fieldsOf(task: Task, item: Pick<Item, 'content' | 'extra'> | null): Fields;
  contentOf(task: Task, fields: Fields): unknown;
  isBlank(fields: Fields): boolean;
  /** Entries that the item keeps beside its content; undefined removes one. */
  extraOf?(fields: Fields): Readonly<Record<string, number | undefined>>;
}

/** A form whose fields are those of the content. */
export function valuesForm(component: Component<FormProps>): ItemForm<FieldValues> {
  return {
    component,
    fieldsOf: (task, item) => (item ? valuesOf(taskOf(task).content, item.content) : {}),
    contentOf: (task, fields) => contentOf(taskOf(task).content, fields),
    isBlank: (fields) => !Object.values(fields).some(isSaid),
  };
}

export function isSaid(text: string): boolean {
  return text.trim() !== '';
}
