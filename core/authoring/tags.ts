import type { RecordId } from '../records.ts';
import { tagsIn, type Segment } from '../tasks/task.ts';

/** Which region a tag stands for. */
export interface TaggedRegion {
  readonly tag: string;
  readonly annotationId: RecordId;
}

const endings = [...'123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/**
 * A tag that is no beginning of another one, nor begins with one: readers replace tags as plain
 * text.
 */
export function newTag(tags: readonly string[]): string {
  const isFree = (tag: string) =>
    tags.every((other) => !other.startsWith(tag) && !tag.startsWith(other));
  for (let stem = 'region'; ; stem += '_') {
    const free = endings.map((ending) => `${stem}${ending}`).find(isFree);
    if (free !== undefined) return free;
  }
}

/**
 * The segments of what is written: regions whose tags the answer names are targets, all others are
 * prompts.
 */
export function segmentsOf(answer: string, tagged: readonly TaggedRegion[]): Segment[] {
  const inAnswer = new Set(tagsIn(answer));
  return tagged.map(({ tag, annotationId }) => ({
    tag,
    annotationId,
    role: inAnswer.has(tag) ? 'target' : 'prompt',
  }));
}

/**
 * A text with a tag put in at a place, set off from words beside it by spaces, and the place
 * behind it.
 */
export function withTag(text: string, tag: string, from: number, to: number = from): TaggedText {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const space = before === '' || /[\s(（]$/.test(before) ? '' : ' ';
  const end = after === '' || /^[\s.,;:!?)，。；：！？）]/.test(after) ? '' : ' ';
  const head = `${before}${space}[${tag}]`;
  return { text: `${head}${end}${after}`, caret: head.length + end.length };
}

export interface TaggedText {
  readonly text: string;
  readonly caret: number;
}

/** A part of a text: words, or a tag. */
export interface TextPart {
  readonly text: string;
  /** Without its brackets; null of words. */
  readonly tag: string | null;
}

/** A text in its parts, which join to it again. */
export function textParts(text: string): TextPart[] {
  return text
    .split(/(\[[^[\]]+\])/)
    .flatMap((part, index) =>
      part === '' ? [] : [{ text: part, tag: index % 2 === 1 ? part.slice(1, -1) : null }],
    );
}

/** The text typed after an `@` before a position; null without one. */
export function mentionBefore(text: string, caret: number): string | null {
  return /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N} _-]*)$/u.exec(text.slice(0, caret))?.[1] ?? null;
}
