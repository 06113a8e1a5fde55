import type { Dictionary, SentenceSet } from '../sentence-set.ts';

/** A finding of a check about an item in writing, with the parts of its sentence. */
export interface Finding {
  readonly kind: string;
}

/** The findings that a set has sentences for. */
export type FindingIn<English extends Dictionary> = {
  readonly [Kind in keyof English & string]: { readonly kind: Kind } & PartsOf<English[Kind]>;
}[keyof English & string];

type PartsOf<Sentence> = Sentence extends (parts: infer Parts extends object) => string
  ? Parts
  : unknown;

/** The content of an item in writing. */
export interface WrittenContent<Content> {
  readonly content: Content;
  /** The regions of its tags; empty for a task that is not about tags. */
  readonly tagged: readonly { readonly tag: string; readonly annotationId: string }[];
  /** Whether the writer says that nothing in the image fits. */
  readonly hasNoTarget: boolean;
}

/** The subject of an item in writing. */
export interface WrittenSubject {
  /** The regions that it is about; areas in pixels. */
  readonly regions: readonly { readonly id: string; readonly area: number }[];
  readonly nameOf: (annotationId: string) => string | null;
}

/** The checks of a task for the author view. */
export interface TaskFindings<Content> {
  /** A sentence for each kind of finding. */
  readonly sentences: SentenceSet;
  /** The kinds that prevent saving; the others are hints. */
  readonly hindrances: readonly string[];
  /** The findings about the words. */
  of(written: WrittenContent<Content>, subject: WrittenSubject): readonly Finding[];
}

/** The checks of a task with the types of its sentences. */
export function defineFindings<Content, English extends Dictionary>(checks: {
  readonly sentences: SentenceSet<English>;
  readonly hindrances: readonly (keyof English & string)[];
  of(
    written: WrittenContent<Content>,
    subject: WrittenSubject,
  ): readonly FindingIn<NoInfer<English>>[];
}): TaskFindings<Content> {
  return checks;
}
