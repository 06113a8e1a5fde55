import type { Annotation, TextRecord, Verdict } from '../../core/records.ts';

/** A text of a region that a person judges. */
export interface ReviewItem {
  readonly annotation: Annotation;
  readonly record: TextRecord;
}

/** The texts of an image's regions, the topmost region first. */
export function reviewItems(annotations: readonly Annotation[]): readonly ReviewItem[] {
  return annotations
    .toReversed()
    .flatMap((annotation) => annotation.texts.map((record) => ({ annotation, record })));
}

/** The item to judge after one: the next without a verdict, around the end; null when all have one. */
export function nextToJudge(items: readonly ReviewItem[], textId: string): ReviewItem | null {
  const index = items.findIndex(({ record }) => record.id === textId);
  const around = [...items.slice(index + 1), ...items.slice(0, index)];
  return around.find(({ record }) => record.verdict === undefined) ?? null;
}

/** The text with a verdict; the one that it has already is taken back. */
export function judge(record: TextRecord, verdict: Verdict): TextRecord {
  const { verdict: before, ...others } = record;
  return before === verdict ? others : { ...others, verdict };
}
