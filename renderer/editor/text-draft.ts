import type { ItemWords } from '../../core/project/make-item.ts';
import type { Item } from '../../core/records.ts';
import { problemsOfItem, taskOf, type TaskId } from '../../core/tasks/registry.ts';
import { contentOf, valuesOf, type FieldValues } from '../../core/tasks/fields.ts';
import type { ItemProblem } from '../../core/tasks/task.ts';

/** An item about one region while a person writes it: the fields of the form that its task has. */
export interface TextDraft {
  readonly task: TaskId;
  readonly values: FieldValues;
}

export function emptyDraft(task: TaskId): TextDraft {
  return { task, values: {} };
}

export function draftOf({ task, content }: Item): TextDraft {
  return { task, values: valuesOf(taskOf(task).content, content) };
}

/** The draft with another value in a field. */
export function withValue(draft: TextDraft, field: string, value: string): TextDraft {
  return { ...draft, values: { ...draft.values, [field]: value } };
}

/** The remaining problem; null if the text can be saved. */
export function problemOf(draft: TextDraft): ItemProblem | null {
  return problemsOfItem({ ...wordsOf(draft), segments: [] }).find(isHindrance) ?? null;
}

/** Missing tags are no reason to refuse a draft. */
function isHindrance(problem: ItemProblem): boolean {
  return !problem.includes('tag');
}

/**
 * The content of the draft.
 * @param before the edited content; its unchanged parts are kept as they are
 */
export function wordsOf({ task, values }: TextDraft, before?: Item['content']): ItemWords {
  return { task, content: contentOf(taskOf(task).content, values, before) } as ItemWords;
}

/** The item with the words of the draft, which are a person's then. */
export function editedItem(item: Item, draft: TextDraft): Item {
  const words = wordsOf(draft, item.content);
  return { ...item, ...words, provenance: { source: 'person' }, updatedAtMs: Date.now() };
}

/** Whether the draft says something else than the item. */
export function isEdited(item: Item, draft: TextDraft): boolean {
  return JSON.stringify(wordsOf(draft)) !== JSON.stringify(wordsOf(draftOf(item)));
}
