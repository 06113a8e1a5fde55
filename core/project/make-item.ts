import { newId } from '../ids.ts';
import type { Item, Provenance, RecordId } from '../records.ts';
import { taskOf, tasks, type ContentOf, type TaskId } from '../tasks/registry.ts';
import { firstTag, type ItemText, type Segment, type Task } from '../tasks/task.ts';

/** The content of an item without its subject. */
export type ItemWords = {
  [Id in TaskId]: { readonly task: Id; readonly content: ContentOf<Id> };
}[TaskId];

/** The subject of an item. */
export interface ItemSubject {
  readonly imageId: RecordId;
  readonly segments: readonly Segment[];
}

/** A new item; its author is the person of its provenance. */
export function makeItem(
  { task, content }: ItemWords,
  { imageId, segments }: ItemSubject,
  provenance: Provenance,
  nowMs: number = Date.now(),
): Item {
  return {
    kind: 'item',
    id: newId(),
    imageId,
    segments: [...segments],
    author: provenance.by ?? null,
    provenance,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    extra: {},
    task,
    content,
  } as Item;
}

/** The segments of an item that is about one region. */
export function oneSegment(task: TaskId, annotationId: RecordId): Segment[] {
  return [{ tag: firstTag, annotationId, role: taskOf(task).regionRole }];
}

/** Referring words that point at one region. */
export function referringWords(text: string): ItemWords {
  return wordsOfText({ kind: 'referring', text });
}

/** The items about a region, in their order. */
export function itemsOf(items: readonly Item[], annotationId: RecordId): Item[] {
  return items.filter(({ segments }) =>
    segments.some((part) => part.annotationId === annotationId),
  );
}

/** An item from the texts of a file. */
export function wordsOfText(text: ItemText): ItemWords {
  for (const task of tasks as readonly Task[]) {
    const content = task.fromText?.(text) ?? null;
    if (content !== null) return { task: task.id, content } as ItemWords;
  }
  throw new Error(`No task takes words of the kind ${text.kind}.`);
}

/** The summary of an item in files and lists. */
export function textOfWords({ task, content }: ItemWords): ItemText {
  return taskOf(task).textOf(content);
}
