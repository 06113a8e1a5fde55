import type { TaskId } from '../../../../core/tasks/registry.ts';
import DescriptionForm from './description/DescriptionForm.svelte';
import FieldsForm from './FieldsForm.svelte';
import { valuesForm, type ItemForm } from './item-form.ts';
import { choiceForm } from './multiple-choice/choice-form.ts';
import ReferringForm from './referring/ReferringForm.svelte';

/** A task that is not named here has the form of its fields. */
const fieldsForm = valuesForm(FieldsForm);

const forms: Readonly<Partial<Record<TaskId, ItemForm>>> = {
  description: valuesForm(DescriptionForm),
  referring: valuesForm(ReferringForm),
  'multiple-choice': choiceForm,
};

/** The form of a task in the author view. */
export function formOf(task: TaskId): ItemForm {
  return forms[task] ?? fieldsForm;
}
