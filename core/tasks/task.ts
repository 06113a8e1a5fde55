import { z } from 'zod';
import type { Rle } from '../geometry/shapes.ts';
import type { Truth, TruthKind } from '../scores/scored-item.ts';
import type { TaskFindings } from './findings.ts';

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

/** A problem about the tags of an item. */
export type TagProblem = 'tag-without-segment' | 'segment-without-tag' | 'tag-inside-tag';

/** A problem of an item; each task has its own. */
export type ItemProblem = TagProblem | (string & {});

/** The content of an item in a form of datasets. */
export type ItemText =
  | { readonly kind: 'description' | 'referring'; readonly text: string }
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly choices: readonly string[];
      readonly answer: string;
    };

/** The texts of a task in one language. */
export interface TaskWords {
  readonly title: string;
  /** How an item of the task is written, for a beginner. */
  readonly teach: string;
  /** Sentences of problems in the short form; a problem without one only prevents saving. */
  readonly problems?: Readonly<Partial<Record<ItemProblem, string>>>;
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
   * @param seed of the random choices
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

/** The choices of a task whose answer is one of them. */
export interface TaskChoice<Content> {
  /** Without choices the answer is free text. */
  of(content: Content): { readonly choices: readonly string[]; readonly answer: string };
  withAnswer(content: Content, answer: string): Content;
}

/** A kind of item. A new one is a folder beside this file and a line in registry.ts. */
export interface Task<Id extends string = string, Content extends z.ZodObject = z.ZodObject> {
  readonly id: Id;
  /** Its fields have their words from fields.ts. */
  readonly content: Content;
  /**
   * For a task about the regions that the tags in its texts name; absent, an item is about one
   * region or the image.
   */
  readonly tags?: {
    /** The text whose tags are targets; the other tags are prompts. */
    targetsIn(content: z.output<Content>): string;
  };
  /** The roles that its segments may have. */
  readonly roles: readonly SegmentRole[];
  /** The role of the region of an item that is about one region. */
  readonly regionRole: SegmentRole;
  /** Among which items two that say the same repeat each other. */
  readonly repeatsWithin: 'project' | 'image' | 'regions';
  readonly words: { readonly english: TaskWords; readonly chinese: TaskWords };
  /** The request by which a model writes it; absent where only people do. */
  readonly request?: 'describe' | 'ask';
  /** The summary for files and lists. */
  textOf(content: z.output<Content>): ItemText;
  /**
   * Whether `textOf` holds all that an item about one region at most says; absent: it always does.
   */
  isText?(content: z.output<Content>, segment: Segment | undefined): boolean;
  /** The content that words of a file are; null where they belong to another task. */
  fromText?(text: ItemText): z.output<Content> | null;
  /** Absent where the answer is not one of several choices. */
  readonly choice?: TaskChoice<z.output<Content>>;
  /** Absent where nothing is drafted. */
  readonly draft?: TaskDraft<z.output<Content>>;
  /** Absent where answers cannot be scored. */
  readonly truth?: TaskTruth<z.output<Content>>;
  /** Absent where the author view checks only the subject. */
  readonly findings?: TaskFindings<z.output<Content>>;
  /** All problems of an item, the gravest first. */
  check(content: z.output<Content>, segments: readonly Segment[]): ItemProblem[];
}

/** A task with the types of its parts. */
export function defineTask<const Id extends string, Content extends z.ZodObject>(
  task: Task<Id, Content>,
): Task<Id, Content> {
  return task;
}

/** The tag of the first region of an item that is about one region. */
export const firstTag = 'region1';

/** The tags that a text names, in their order. */
export function tagsIn(text: string): string[] {
  return [...text.matchAll(/\[([^[\]]+)\]/g)].map(([, tag]) => tag!);
}
