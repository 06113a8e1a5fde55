import { answerPlace } from '../../../core/authoring/choices.ts';
import { withoutDraftMark } from '../../../core/authoring/draft-items.ts';
import type { WrittenItem } from '../../../core/authoring/findings.ts';
import { newSeed, seedKey, shuffled } from '../../../core/authoring/shuffle.ts';
import { segmentsOf, type TaggedRegion } from '../../../core/authoring/tags.ts';
import { addition, emptyDiff, replacement, type Diff } from '../../../core/diff.ts';
import { makeItem, oneSegment, type ItemWords } from '../../../core/project/make-item.ts';
import type { Item, Provenance, RecordId } from '../../../core/records.ts';
import type { TaskId } from '../../../core/tasks/registry.ts';
import { tagsIn, type Segment } from '../../../core/tasks/task.ts';

/** An item of any task while a person writes it; each task uses some of the fields. */
export interface ItemDraft {
  readonly task: TaskId;
  /** Of a description. */
  readonly text: string;
  readonly question: string;
  /** One for each row of the form; rows may be empty. */
  readonly choices: readonly string[];
  /** The row that is the answer, from 0; null while none is. */
  readonly answerAt: number | null;
  /** The seed of the shuffled choices; null for the written order. */
  readonly seed: number | null;
  /** Of a referring item, with its tags. */
  readonly answer: string;
  readonly tagged: readonly TaggedRegion[];
  readonly hasNoTarget: boolean;
  /** The text of the model; an edit makes it a text of the person. */
  readonly fromModel: { readonly text: string; readonly provenance: Provenance } | null;
}

/** Rows that a new multiple-choice item starts with. */
const usualChoices = 4;

export function emptyItemDraft(task: TaskId): ItemDraft {
  return {
    ...{ task, text: '', question: '', answerAt: null, seed: null, answer: '' },
    choices: Array.from({ length: usualChoices }, () => ''),
    ...{ tagged: [], hasNoTarget: false, fromModel: null },
  };
}

export function itemDraftOf(item: Item): ItemDraft {
  const draft = emptyItemDraft(item.task);
  switch (item.task) {
    case 'description':
      return { ...draft, text: item.content.text };
    case 'multiple-choice': {
      const { question, choices, answer } = item.content;
      const rows = choices.length > 0 ? choices : [answer];
      const answerAt = rows.indexOf(answer);
      const seed = item.extra[seedKey];
      return {
        ...{ ...draft, question, choices: rows, answerAt: answerAt < 0 ? null : answerAt },
        seed: typeof seed === 'number' ? seed : null,
      };
    }
    case 'referring': {
      const { question, answer } = item.content;
      const tagged = item.segments.map(({ tag, annotationId }) => ({ tag, annotationId }));
      return { ...draft, question, answer, tagged, hasNoTarget: tagsIn(answer).length === 0 };
    }
  }
}

/** The draft as input of the checks. */
export function writtenItem(draft: ItemDraft): WrittenItem {
  switch (draft.task) {
    case 'description':
      return { task: 'description', content: { text: draft.text.trim() } };
    case 'multiple-choice': {
      const choices = draft.choices.map((choice) => choice.trim());
      const answer = choices[draft.answerAt ?? -1] ?? '';
      const content = { question: draft.question.trim(), choices: choices.filter(isSaid), answer };
      return { task: 'multiple-choice', content };
    }
    case 'referring': {
      const { tagged, hasNoTarget } = draft;
      const content = { question: draft.question.trim(), answer: draft.answer.trim() };
      return { task: 'referring', content, tagged, hasNoTarget };
    }
  }
}

/**
 * The regions that an item of the draft is about; one that is not about tags is about one region,
 * or the image.
 */
export function draftSegments(draft: ItemDraft, annotationId: RecordId | null): Segment[] {
  if (draft.task === 'referring') return segmentsOf(draft.answer, draft.tagged);
  return annotationId === null ? [] : oneSegment(draft.task, annotationId);
}

/** Whether nothing has been written. */
export function isBlank(draft: ItemDraft): boolean {
  const { text, question, answer, choices } = draft;
  return ![text, question, answer, ...choices].some(isSaid);
}

/**
 * The change that keeps a draft: of an item that there is, or as a new one. Nothing where it says
 * what the item says.
 */
export function keepDraft(
  draft: ItemDraft,
  item: Item | null,
  about: { readonly imageId: RecordId; readonly annotationId: RecordId | null },
): Diff {
  const { task, content } = writtenItem(draft);
  const words = { task, content } as ItemWords;
  const segments =
    item && task !== 'referring' ? item.segments : draftSegments(draft, about.annotationId);
  const provenance = provenanceOf(draft);
  if (!item) {
    const made = makeItem(words, { imageId: about.imageId, segments }, provenance);
    return addition(withSeed(made, draft));
  }
  const changed = withSeed(withoutDraftMark({ ...item, ...words, segments }), draft);
  if (JSON.stringify(changed) === JSON.stringify(item)) return emptyDiff();
  return replacement(item, { ...changed, provenance, updatedAtMs: Date.now() });
}

function withSeed(item: Item, { seed }: ItemDraft): Item {
  const { [seedKey]: before, ...others } = item.extra;
  if (before === (seed ?? undefined)) return item;
  return { ...item, extra: seed === null ? others : { ...others, [seedKey]: seed } };
}

function provenanceOf({ fromModel, text }: ItemDraft): Provenance {
  return fromModel && fromModel.text.trim() === text.trim()
    ? fromModel.provenance
    : { source: 'person' };
}

/**
 * The draft with its choices in an order that chance decides, and what it was decided with; empty
 * rows go.
 */
export function shuffledDraft(draft: ItemDraft, seed: number = newSeed()): ItemDraft {
  const { choices, answer } = writtenItem({ ...draft, task: 'multiple-choice' }).content as {
    choices: string[];
    answer: string;
  };
  const order = shuffled(choices, seed);
  const answerAt = answerPlace({ choices: order, answer });
  return { ...draft, choices: order, answerAt: answerAt < 0 ? null : answerAt, seed };
}

/** The draft with other words in a row; then the order is no longer that of the seed. */
export function withChoice(draft: ItemDraft, row: number, words: string): ItemDraft {
  return { ...draft, choices: draft.choices.with(row, words), seed: null };
}

/** The draft with one more choice: in its first empty row, or in a new one. */
export function withMoreChoice(draft: ItemDraft, words: string): ItemDraft {
  const empty = draft.choices.findIndex((choice) => !isSaid(choice));
  if (empty >= 0) return withChoice(draft, empty, words);
  return { ...draft, choices: [...draft.choices, words], seed: null };
}

export function withoutChoice(draft: ItemDraft, row: number): ItemDraft {
  const { answerAt } = draft;
  const moved = answerAt !== null && answerAt > row ? answerAt - 1 : answerAt;
  return {
    ...draft,
    choices: draft.choices.toSpliced(row, 1),
    answerAt: answerAt === row ? null : moved,
    seed: null,
  };
}

function isSaid(text: string): boolean {
  return text.trim() !== '';
}
