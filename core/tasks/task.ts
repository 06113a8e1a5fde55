import { z } from 'zod';

/** Whether a region is shown to who answers (`prompt`), or is what the answer must point at (`target`). */
export const segmentRoles = ['prompt', 'target'] as const;
export type SegmentRole = (typeof segmentRoles)[number];

/** A region that an item is about. In the texts of an item, `[tag]` stands for it. */
export const segmentSchema = z.object({
  tag: z.string(),
  annotationId: z.string().min(1),
  role: z.enum(segmentRoles),
});
export type Segment = z.infer<typeof segmentSchema>;

/** What is wrong with an item, or should be looked at. */
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

/** A kind of item. A new one is a file beside this one and a line in registry.ts. */
export interface Task<Id extends string = string, Content extends z.ZodType = z.ZodType> {
  readonly id: Id;
  readonly content: Content;
  /** The roles that its segments may have. */
  readonly roles: readonly SegmentRole[];
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

/** The tags that a text names, in their order. */
export function tagsIn(text: string): string[] {
  return [...text.matchAll(/\[([^[\]]+)\]/g)].map(([, tag]) => tag!);
}
