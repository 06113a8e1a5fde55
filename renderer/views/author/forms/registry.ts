import type { Component } from 'svelte';
import type { TaskId } from '../../../../core/tasks/registry.ts';
import DescriptionForm from './description/DescriptionForm.svelte';
import FieldsForm from './FieldsForm.svelte';
import type { FormProps } from './form-props.ts';
import ChoiceForm from './multiple-choice/ChoiceForm.svelte';
import ReferringForm from './referring/ReferringForm.svelte';

const forms: Readonly<Partial<Record<TaskId, Component<FormProps>>>> = {
  description: DescriptionForm,
  referring: ReferringForm,
  'multiple-choice': ChoiceForm,
};

/** The form of a task in the author view; a task without a line here has that of its content. */
export function formOf(task: TaskId): Component<FormProps> {
  return forms[task] ?? FieldsForm;
}
