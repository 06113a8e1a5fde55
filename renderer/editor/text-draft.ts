import type { ItemWords } from '../../core/project/make-item.ts';
import { referringWords } from '../../core/project/make-item.ts';
import type { Item } from '../../core/records.ts';
import { problemsOfItem, type TaskId } from '../../core/tasks/registry.ts';
import type { ItemProblem } from '../../core/tasks/task.ts';

/** An item about one region while a person writes it. */
export interface TextDraft {
  readonly task: TaskId;
  /** Of a description or a referring expression. */
  readonly words: string;
  readonly question: string;
  /** One choice a line. */
  readonly choices: string;
  readonly answer: string;
}

export function emptyDraft(task: TaskId): TextDraft {
  return { task, words: '', question: '', choices: '', answer: '' };
}

export function draftOf(item: Item): TextDraft {
  const empty = emptyDraft(item.task);
  switch (item.task) {
    case 'description':
      return { ...empty, words: item.content.text };
    case 'referring':
      return { ...empty, words: item.content.question };
    case 'multiple-choice': {
      const { question, choices, answer } = item.content;
      return { ...empty, question, choices: choices.join('\n'), answer };
    }
  }
}

export function choicesOf({ choices }: TextDraft): string[] {
  return choices
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is still missing or wrong; null when the text can be kept. */
export function problemOf(draft: TextDraft): ItemProblem | null {
  return problemsOfItem({ ...wordsOf(draft), segments: [] }).find(isHindrance) ?? null;
}

/** What a draft cannot say yet, tags, is no reason to refuse it. */
function isHindrance(problem: ItemProblem): boolean {
  return !problem.includes('tag');
}

/** What the draft says. */
export function wordsOf(draft: TextDraft): ItemWords {
  switch (draft.task) {
    case 'description':
      return { task: 'description', content: { text: draft.words.trim() } };
    case 'referring':
      return referringWords(draft.words.trim());
    case 'multiple-choice': {
      const [question, answer] = [draft.question.trim(), draft.answer.trim()];
      return { task: 'multiple-choice', content: { question, choices: choicesOf(draft), answer } };
    }
  }
}

/** The item with the words of the draft, which are a person's then. */
export function editedItem(item: Item, draft: TextDraft): Item {
  const words = wordsOf(draft);
  const changed = { ...item, provenance: { source: 'person' }, updatedAtMs: Date.now() } as const;
  if (item.task === 'referring' && words.task === 'referring') {
    // Which regions the answer points at is not part of the draft.
    return { ...changed, ...words, content: { ...words.content, answer: item.content.answer } };
  }
  return { ...changed, ...words } as Item;
}

/** Whether the draft says something else than the item. */
export function isEdited(item: Item, draft: TextDraft): boolean {
  return JSON.stringify(wordsOf(draft)) !== JSON.stringify(wordsOf(draftOf(item)));
}
