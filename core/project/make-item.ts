import { newId } from '../ids.ts';
import type { Item, Provenance, RecordId } from '../records.ts';
import type { ContentOf, TaskId } from '../tasks/registry.ts';
import { firstTag, type Segment } from '../tasks/task.ts';

/** What an item says, without what it is about. */
export type ItemWords = {
  [Id in TaskId]: { readonly task: Id; readonly content: ContentOf<Id> };
}[TaskId];

/** What an item is about. */
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

/** The segments of an item that is about one region: referring words point at it, all others are asked about it. */
export function oneSegment(task: TaskId, annotationId: RecordId): Segment[] {
  return [{ tag: firstTag, annotationId, role: task === 'referring' ? 'target' : 'prompt' }];
}

/** Referring words that point at one region. */
export function referringWords(question: string): ItemWords {
  return { task: 'referring', content: { question, answer: `[${firstTag}]` } };
}

/** The items about a region, in their order. */
export function itemsOf(items: readonly Item[], annotationId: RecordId): Item[] {
  return items.filter(({ segments }) =>
    segments.some((part) => part.annotationId === annotationId),
  );
}
