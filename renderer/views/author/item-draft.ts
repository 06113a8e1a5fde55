import { withoutDraftMark } from '../../../core/authoring/draft-items.ts';
import type { WrittenItem } from '../../../core/authoring/findings.ts';
import { segmentsOf, type TaggedRegion } from '../../../core/authoring/tags.ts';
import { addition, emptyDiff, replacement, type Diff } from '../../../core/diff.ts';
import { makeItem, oneSegment, type ItemWords } from '../../../core/project/make-item.ts';
import type { Item, Provenance, RecordId } from '../../../core/records.ts';
import { taskOf, type TaskId } from '../../../core/tasks/registry.ts';
import type { Segment } from '../../../core/tasks/task.ts';
import { formFields } from './forms/field-registry.ts';

/** An item while a person writes it. */
export interface ItemDraft {
  readonly task: TaskId;
  /** The fields of the form of the task. */
  readonly fields: unknown;
  /** The regions of a task that is about tags. */
  readonly tagged: readonly TaggedRegion[];
  readonly hasNoTarget: boolean;
  /** The content by the model; an edit makes it the content of the person. */
  readonly fromModel: { readonly content: unknown; readonly provenance: Provenance } | null;
}

export function emptyItemDraft(task: TaskId): ItemDraft {
  const fields = formFields(task).fieldsOf(task, null);
  return { task, fields, tagged: [], hasNoTarget: false, fromModel: null };
}

export function itemDraftOf(item: Item): ItemDraft {
  const { task, segments } = item;
  const draft = { ...emptyItemDraft(task), fields: formFields(task).fieldsOf(task, item) };
  if (!taskOf(task).tags) return draft;
  const tagged = segments.map(({ tag, annotationId }) => ({ tag, annotationId }));
  return { ...draft, tagged, hasNoTarget: segments.every(({ role }) => role !== 'target') };
}

/** The draft as input of the checks. */
export function writtenItem({ task, fields, tagged, hasNoTarget }: ItemDraft): WrittenItem {
  const content = formFields(task).contentOf(task, fields);
  return { ...({ task, content } as ItemWords), tagged, hasNoTarget };
}

/**
 * The regions that an item of the draft is about; one that is not about tags is about one region,
 * or the image.
 */
export function draftSegments(draft: ItemDraft, annotationId: RecordId | null): Segment[] {
  const { task, tagged } = draft;
  const { tags } = taskOf(task);
  if (tags) return segmentsOf(tags.targetsIn(writtenItem(draft).content), tagged);
  return annotationId === null ? [] : oneSegment(task, annotationId);
}

/** Whether nothing has been written. */
export function isBlank({ task, fields }: ItemDraft): boolean {
  return formFields(task).isBlank(fields);
}

/**
 * The change that keeps a draft: of an existing item, or as a new one. Empty where the item has the
 * content already.
 */
export function keepDraft(
  draft: ItemDraft,
  item: Item | null,
  about: { readonly imageId: RecordId; readonly annotationId: RecordId | null },
): Diff {
  const { task, content } = writtenItem(draft);
  const words = { task, content } as ItemWords;
  const isMoved = item === null || taskOf(task).tags !== undefined;
  const segments = isMoved ? draftSegments(draft, about.annotationId) : item.segments;
  const provenance = provenanceOf(draft, content);
  if (!item) {
    const made = makeItem(words, { imageId: about.imageId, segments }, provenance);
    return addition(withExtra(made, draft));
  }
  const changed = withExtra(withoutDraftMark({ ...item, ...words, segments }), draft);
  if (JSON.stringify(changed) === JSON.stringify(item)) return emptyDiff();
  return replacement(item, { ...changed, provenance, updatedAtMs: Date.now() });
}

function withExtra(item: Item, { task, fields }: ItemDraft): Item {
  const own = formFields(task).extraOf?.(fields) ?? {};
  const extra = Object.entries({ ...item.extra, ...own }).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  return { ...item, extra: Object.fromEntries(extra) };
}

function provenanceOf({ fromModel }: ItemDraft, content: unknown): Provenance {
  return fromModel && isSame(fromModel.content, content)
    ? fromModel.provenance
    : { source: 'person' };
}

/** Whether the draft still has the content of the model. */
export function isOfModel(draft: ItemDraft): boolean {
  return draft.fromModel !== null && isSame(draft.fromModel.content, writtenItem(draft).content);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
