import { contentOf, fieldsOf, valuesOf, type FieldValues } from '../../../../core/tasks/fields.ts';
import { taskOf } from '../../../../core/tasks/registry.ts';
import type { Item } from '../../../../core/records.ts';

type Task = Item['task'];

/** The fields of a form of the author view. */
export interface ItemFields<Fields = unknown> {
  /** The fields of an item; of a new one where it is null. */
  fieldsOf(task: Task, item: Pick<Item, 'content' | 'extra'> | null): Fields;
  contentOf(task: Task, fields: Fields): unknown;
  isBlank(fields: Fields): boolean;
  /** Entries that the item keeps beside its content; undefined removes one. */
  extraOf?(fields: Fields): Readonly<Record<string, number | undefined>>;
}

/** The fields of the content. */
export const contentFields: ItemFields<FieldValues> = {
  fieldsOf(task, item) {
    const { content } = taskOf(task);
    if (item) return valuesOf(content, item.content);
    // The initial values are for the short form: here a person sees every field, also an empty one.
    return Object.fromEntries(fieldsOf(content).map(({ name }) => [name, '']));
  },
  contentOf: (task, fields) => contentOf(taskOf(task).content, fields),
  isBlank: (fields) => !Object.values(fields).some(isSaid),
};

export function isSaid(text: string): boolean {
  return text.trim() !== '';
}
