import type { Annotation, ImageRecord, RecordId } from '../records.ts';
import type { ContentOf } from '../tasks/registry.ts';
import { tagsIn } from '../tasks/task.ts';
import { answerPlace } from './choices.ts';
import { descriptionHints, type DescriptionHint } from './description-hints.ts';
import type { TaggedRegion } from './tags.ts';
import { comparisonKey } from './comparison-key.ts';
import { isChinese, plainWords } from './words.ts';

/**
 * A finding of a check about an item in writing, with the parts of its sentence. A hindrance
 * prevents saving; the others are hints.
 */
export type Finding =
  | { readonly kind: 'empty' | 'no-answer' | 'few-choices' }
  | { readonly kind: 'answer-inside-choice'; readonly answer: string; readonly choice: string }
  | { readonly kind: 'choice-twice'; readonly choice: string }
  | { readonly kind: 'answer-in-question'; readonly answer: string }
  | { readonly kind: 'tag-without-segment'; readonly tag: string }
  | { readonly kind: 'segment-without-tag'; readonly tag: string }
  | { readonly kind: 'tag-inside-tag'; readonly tag: string; readonly other: string }
  | { readonly kind: 'no-target' }
  | { readonly kind: 'small-region'; readonly name: string; readonly patches: number }
  | { readonly kind: 'names-category'; readonly name: string }
  | { readonly kind: 'duplicate'; readonly itemId: RecordId }
  | DescriptionHint;
export type FindingKind = Finding['kind'];

const hindrances: readonly FindingKind[] = ['empty', 'no-answer', 'tag-without-segment'];

/** Whether an item cannot be kept before this is mended. */
export function isHindrance({ kind }: Pick<Finding, 'kind'>): boolean {
  return hindrances.includes(kind);
}

/** An item while it is written. */
export type WrittenItem =
  | { readonly task: 'description'; readonly content: ContentOf<'description'> }
  | { readonly task: 'multiple-choice'; readonly content: ContentOf<'multiple-choice'> }
  | {
      readonly task: 'referring';
      readonly content: ContentOf<'referring'>;
      readonly tagged: readonly TaggedRegion[];
      /** Whether it is meant that nothing in the image fits. */
      readonly hasNoTarget: boolean;
    };

/** The subject of a new item, and the other items of its image. */
export interface WrittenAbout {
  readonly image: Pick<ImageRecord, 'id' | 'width' | 'height'>;
  /** The regions that the item is about. */
  readonly regions: readonly Pick<Annotation, 'id' | 'area'>[];
  readonly nameOf: (annotationId: RecordId) => string | null;
  /** Another item with this key (comparison-key.ts); null where there is none. */
  readonly duplicateOf: (key: string) => RecordId | null;
}

/** All findings of the checks, hindrances first. Pure. */
export function findingsOf(written: WrittenItem, about: WrittenAbout): Finding[] {
  const found = [
    ...findingsOfWords(written, about),
    ...smallRegions(about),
    ...duplicates(written, about),
  ];
  return [...found.filter(isHindrance), ...found.filter((one) => !isHindrance(one))];
}

function findingsOfWords(written: WrittenItem, about: WrittenAbout): Finding[] {
  switch (written.task) {
    case 'description': {
      const { text } = written.content;
      return text.trim() === '' ? [{ kind: 'empty' }] : descriptionHints(text);
    }
    case 'multiple-choice':
      return findingsOfChoices(written.content, about);
    case 'referring':
      return findingsOfTags(written, about);
  }
}

function findingsOfChoices(
  { question, choices, answer }: ContentOf<'multiple-choice'>,
  about: WrittenAbout,
): Finding[] {
  if (question.trim() === '') return [{ kind: 'empty' }];
  const found: Finding[] = [];
  if (answerPlace({ choices, answer }) < 0) found.push({ kind: 'no-answer' });
  if (choices.length < 2) found.push({ kind: 'few-choices' });
  const twice = choices.find((choice, at) =>
    choices.slice(0, at).some((other) => plainWords(other) === plainWords(choice)),
  );
  if (twice !== undefined) found.push({ kind: 'choice-twice', choice: twice });
  if (answer !== '') {
    const choice = choices.find((one) => one !== answer && one.includes(answer));
    if (choice !== undefined) found.push({ kind: 'answer-inside-choice', answer, choice });
    if (hasWords(question, answer)) found.push({ kind: 'answer-in-question', answer });
  }
  const name = categoriesNamed(question, about).find((one) => hasWords(answer, one));
  if (name !== undefined) found.push({ kind: 'names-category', name });
  return found;
}

function findingsOfTags(
  { content, tagged, hasNoTarget }: Extract<WrittenItem, { task: 'referring' }>,
  about: WrittenAbout,
): Finding[] {
  const { question, answer } = content;
  if (question.trim() === '') return [{ kind: 'empty' }];
  const known = new Set(tagged.map(({ tag }) => tag));
  const named = new Set([...tagsIn(question), ...tagsIn(answer)]);
  const found: Finding[] = [...named]
    .filter((tag) => !known.has(tag))
    .map((tag) => ({ kind: 'tag-without-segment', tag }));
  if (answer.trim() === '') found.push({ kind: 'no-answer' });
  else if (tagsIn(answer).length === 0 && !hasNoTarget) found.push({ kind: 'no-target' });
  for (const { tag } of tagged) {
    if (!named.has(tag)) found.push({ kind: 'segment-without-tag', tag });
    const other = [...known].find((one) => one !== tag && one.startsWith(tag));
    if (other !== undefined) found.push({ kind: 'tag-inside-tag', tag, other });
  }
  const targets = new Set(tagsIn(answer));
  const names = tagged.flatMap(({ tag, annotationId }) =>
    targets.has(tag) ? (about.nameOf(annotationId) ?? []) : [],
  );
  const name = names.find((one) => hasWords(question, one));
  if (name !== undefined) found.push({ kind: 'names-category', name });
  return found;
}

function categoriesNamed(text: string, { regions, nameOf }: WrittenAbout): string[] {
  return regions.flatMap(({ id }) => nameOf(id) ?? []).filter((name) => hasWords(text, name));
}

/** Whether a text has these words in a row, a plural taken for its singular. */
export function hasWords(text: string, words: string): boolean {
  // Where a Chinese word ends is a guess that depends on what stands beside it.
  if (isChinese(words)) return text.includes(words.trim());
  const [within, wanted] = [text, words].map((one) => ` ${plainWords(one)} `) as [string, string];
  if (wanted.trim() === '') return false;
  return within.includes(wanted) || within.replace(/s /g, ' ').includes(wanted.replace(/s /g, ' '));
}

/**
 * Pixels along the side of a patch of Pixel-SAIL, and the longest side of the image that it is
 * shown.
 */
const [patchSide, longestSide] = [16, 1024];
/** With fewer patches a prompt says hardly which region is meant. */
export const fewestPatches = 4;

/** How many patches of the model a region covers. */
export function patchesOf(
  area: number,
  { width, height }: Pick<ImageRecord, 'width' | 'height'>,
): number {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  return (area * scale ** 2) / patchSide ** 2;
}

function smallRegions({ image, regions, nameOf }: WrittenAbout): Finding[] {
  return regions.flatMap(({ id, area }): Finding[] => {
    const patches = patchesOf(area, image);
    if (patches >= fewestPatches) return [];
    return [{ kind: 'small-region', name: nameOf(id) ?? '', patches }];
  });
}

function duplicates(
  written: WrittenItem,
  { image, regions, duplicateOf }: WrittenAbout,
): Finding[] {
  const key = comparisonKey(
    written,
    image.id,
    regions.map(({ id }) => id),
  );
  const itemId = key === null ? null : duplicateOf(key);
  return itemId === null ? [] : [{ kind: 'duplicate', itemId }];
}
