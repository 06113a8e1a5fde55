import type { TaskId } from '../../../../core/tasks/registry.ts';
import { contentFields, type ItemFields } from './item-fields.ts';
import { choiceFields } from './multiple-choice/choice-fields.ts';

/** Tasks whose forms have other fields than the content. */
const otherFields: Readonly<Partial<Record<TaskId, ItemFields>>> = {
  'multiple-choice': choiceFields,
};

/** The fields of the form of a task. */
export function formFields(task: TaskId): ItemFields {
  return otherFields[task] ?? contentFields;
}
