import { z } from 'zod';
import type { Rle } from '../geometry/shapes.ts';
import type { Truth, TruthKind } from '../scores/scored-item.ts';

/**
 * Whether a region is shown to who answers (`prompt`), or is what the answer must point at
 * (`target`).
 */
export const segmentRoles = ['prompt', 'target'] as const;
export type SegmentRole = (typeof segmentRoles)[number];

/** A region that an item is about. In the texts of an item, `[tag]` stands for it. */
export const segmentSchema = z.object({
  tag: z.string(),
  annotationId: z.string().min(1),
  role: z.enum(segmentRoles),
});
export type Segment = z.infer<typeof segmentSchema>;

/** Errors and warnings about an item. */
export const itemProblems = [
  'empty',
  'no-answer',
  'answer-not-a-choice',
  'answer-inside-choice',
  'tag-without-segment',
  'segment-without-tag',
  'tag-inside-tag',
] as const;
export type ItemProblem = (typeof itemProblems)[number];

/** The content of an item in a form of datasets. */
export type ItemText =
  | { readonly kind: 'description' | 'referring'; readonly text: string }
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly choices: readonly string[];
      readonly answer: string;
    };

/**
 * A field of the form that an item is written in: one line, several lines, a list with one entry a
 * line, or one entry of such a list (`of`; one line where the list is empty).
 */
export interface TaskField {
  readonly name: string;
  readonly kind: 'line' | 'lines' | 'list' | 'choice';
  readonly of?: string;
}

/** The fields of a form as they are filled in, by name. */
export type FieldValues = Readonly<Record<string, string>>;

/** The texts of a task in one language. */
export interface TaskWords {
  readonly title: string;
  /** How an item of the task is written, for who begins. */
  readonly teach: string;
  readonly fields: Readonly<
    Record<string, { readonly label: string; readonly placeholder?: string }>
  >;
}

/** A region that an item is drafted from. */
export interface DraftedRegion {
  /** The name of its category. */
  readonly name: string;
  /** Its place in the photo, in words. */
  readonly place: string;
  /** The names of all drafted regions of the photo. */
  readonly namesHere: readonly string[];
  /** The names of all categories. */
  readonly allNames: readonly string[];
}

/** The drafts of a task. */
export interface TaskDraft<Content> {
  /** Whether its words must fit no other region of the photo. */
  readonly needsUniqueWords: boolean;
  /**
   * The content that a region gives, for a person to put right, and what the item keeps besides;
   * null where it gives none.
   * @param seed decides what is left to chance
   */
  of(
    region: DraftedRegion,
    seed: number,
  ): { readonly content: Content; readonly extra?: Readonly<Record<string, number>> } | null;
}

/** The truth that answers to the items of a task are scored against. */
export interface TaskTruth<Content> {
  readonly kind: TruthKind;
  /**
   * @param targets the masks of its targets, in their order
   * @returns null for an item that is not complete
   */
  of(
    content: Content,
    segments: readonly Pick<Segment, 'tag' | 'role'>[],
    targets: readonly Rle[],
  ): Truth | null;
}

/** A kind of item. A new one is a file beside this one and a line in registry.ts. */
export interface Task<Id extends string = string, Content extends z.ZodType = z.ZodType> {
  readonly id: Id;
  readonly content: Content;
  /** The roles that its segments may have. */
  readonly roles: readonly SegmentRole[];
  /** The role of the region of an item that is about one region. */
  readonly regionRole: SegmentRole;
  /** Among which items two that say the same repeat each other. */
  readonly repeatsWithin: 'project' | 'image' | 'regions';
  readonly words: { readonly english: TaskWords; readonly chinese: TaskWords };
  readonly fields: readonly TaskField[];
  /** The request by which a model writes it; absent where only people do. */
  readonly request?: 'describe' | 'ask';
  valuesOf(content: z.output<Content>): FieldValues;
  /**
   * The content that a form holds.
   * @param before what the item said before it was edited, for what the form does not show
   */
  contentOf(values: FieldValues, before?: z.output<Content>): z.output<Content>;
  /** The summary for files and lists. */
  textOf(content: z.output<Content>): ItemText;
  /**
   * Whether `textOf` holds all that an item about one region at most says; absent: it always does.
   */
  isText?(content: z.output<Content>, segment: Segment | undefined): boolean;
  /** The content that words of a file are; null where they belong to another task. */
  fromText?(text: ItemText): z.output<Content> | null;
  /** Absent where nothing is drafted. */
  readonly draft?: TaskDraft<z.output<Content>>;
  /** Absent where answers cannot be scored. */
  readonly truth?: TaskTruth<z.output<Content>>;
  /** Everything that can be said against an item while it is written, the gravest first. */
  check(content: z.output<Content>, segments: readonly Segment[]): ItemProblem[];
}

/** A task with the types of its parts. */
export function defineTask<const Id extends string, Content extends z.ZodType>(
  task: Task<Id, Content>,
): Task<Id, Content> {
  return task;
}

/** The tag of the first region of an item that is about one region. */
export const firstTag = 'region1';

/** The entries of a list that a form holds, one a line. */
export function entriesOf(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The tags that a text names, in their order. */
export function tagsIn(text: string): string[] {
  return [...text.matchAll(/\[([^[\]]+)\]/g)].map(([, tag]) => tag!);
}
