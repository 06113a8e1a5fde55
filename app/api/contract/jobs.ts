import { z } from 'zod';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import type { ComparisonReport, TakenKind } from '../../../core/compare/comparison.ts';
import type { MaskScores } from '../../../core/scores/masks.ts';
import type { ScoredPrompt } from '../../../core/training.ts';
import type { Language } from '../settings.ts';
import type { ExportReport, ImportNote, ImportReport } from './dataset.ts';
import type { MergeCounts } from './handout.ts';
import type { JobStarted } from './job-started.ts';
import { id, method, nothing } from './method.ts';
import type { ModelReport } from './models.ts';

/** The title of a job or stage in every language of the interface. */
export type JobWords = Readonly<Record<Language, string>>;

/** The unit of the progress of a job, if it is not records of the project. */
export type JobUnit = 'bytes';

/**
 * Rows of cells, the first of them the head; the first column holds names, the others mostly
 * numbers.
 */
export type ResultTable = readonly (readonly string[])[];

/** Omitted rows with reasons. */
export interface LeftOut {
  readonly what: string;
  readonly reason: string;
}

/** The prompt of a job on the images of a project. */
export interface BatchReport {
  /** False when it was cancelled; running the same task again goes on. */
  readonly isComplete: boolean;
  /** Images that were asked about now, and those among them that got no annotation. */
  readonly images: number;
  readonly withoutMask: number;
  readonly annotations: number;
  /** Masks left out because the project has that object already. */
  readonly repeated: number;
  /**
   * Images passed over because the same task was done before, or because a person has reviewed
   * them.
   */
  readonly doneBefore: number;
  readonly reviewed: number;
  readonly failed: readonly LeftOut[];
}

/**
 * How many images changed, and to how many the change does not apply, for instance "done" to one
 * without labels.
 */
export interface ImageChangeReport {
  readonly changed: number;
  readonly passedOver: number;
}

/** A project file that was written for a colleague. */
export interface HandoutReport {
  readonly file: string;
  readonly images: number;
  /** The folder of the copied photos; null where none were. */
  readonly photos: string | null;
  readonly leftOut: readonly LeftOut[];
}

/** Items that were drafted from regions. */
export interface DraftReport {
  readonly items: number;
  /** The import before the job; null without one. */
  readonly imported: ImportReport | null;
}

/** How the project and a dataset differ, after what was asked for was taken over. */
export interface ComparisonResult extends ComparisonReport {
  readonly leftOut: readonly ImportNote[];
  /** The kinds of difference that were taken over from the dataset. */
  readonly taken: readonly TakenKind[];
}

/** How well a model answers about images that it did not learn from, by what it is given. */
export type HeldOutScores = Readonly<Record<ScoredPrompt, MaskScores>>;

/** A model package that was made by training another one on, and what it gained. */
export interface TrainingReport {
  /** The folder of the new package. */
  readonly package: string;
  readonly id: string;
  readonly base: { readonly id: string; readonly version: string };
  readonly images: { readonly training: number; readonly heldOut: number };
  readonly annotations: number;
  readonly minutes: number;
  readonly samples: number;
  readonly device: string;
  readonly before: HeldOutScores;
  readonly after: HeldOutScores;
  /** The training state for a continuation. */
  readonly workFolder: string;
  readonly skipped: readonly LeftOut[];
}

/**
 * The result of a job by its `kind`. A job without a specific kind of result returns a `table`,
 * which is shown unchanged.
 */
export type JobResult = { readonly table?: ResultTable } & (
  | ({ readonly kind: 'import' } & ImportReport)
  | ({ readonly kind: 'export' } & ExportReport)
  | ({ readonly kind: 'model' } & ModelReport)
  /** The step of the journal that undo or redo took, where it took long. */
  | { readonly kind: 'step'; readonly stepId: number | null }
  | ({ readonly kind: 'image-change' } & ImageChangeReport)
  /** How many regions of a model a person accepted or removed. */
  | { readonly kind: 'judgement'; readonly regions: number }
  | ({ readonly kind: 'annotation' } & BatchReport)
  | ({ readonly kind: 'draft' } & DraftReport)
  | ({ readonly kind: 'comparison' } & ComparisonResult)
  | ({ readonly kind: 'handout' } & HandoutReport)
  | ({ readonly kind: 'merge' } & MergeCounts)
  /** The file of a new project with what could be read of another one. */
  | { readonly kind: 'rescue'; readonly file: string }
  | ({ readonly kind: 'training' } & TrainingReport)
  | { readonly kind: 'table'; readonly table: ResultTable }
);

/** How a job ended. */
export type JobEnd =
  | { readonly outcome: 'done'; readonly result: JobResult }
  /** A cancelled job's error says what was kept. */
  | { readonly outcome: 'cancelled' | 'failed'; readonly error: ErrorEnvelope };

/**
 * A job that was running when its process died. It waits for a person to resume or to dismiss it.
 */
export interface InterruptedJob {
  readonly jobId: string;
  readonly kind: string;
  readonly title: JobWords;
  /** As it was started, parsed again by the kind. */
  readonly input: unknown;
  /** The project that it worked on; null for one that works on none. */
  readonly project: string | null;
  readonly startedAtMs: number;
}

export const jobsContract = {
  /**
   * Starts a job of any kind; `not-found` for an unknown kind, `invalid-input` for an input that
   * is not the kind's.
   */
  'jobs.start': method<JobStarted>()(z.object({ kind: id, input: z.unknown() })),
  'jobs.cancel': method<null>()(z.object({ jobId: id })),
  /**
   * Jobs that were running when their process died: those of the open project, and those of none.
   */
  'jobs.interrupted': method<InterruptedJob[]>()(nothing),
  /** Runs an interrupted job again, under the same id. */
  'jobs.resume': method<JobStarted>()(z.object({ jobId: id })),
  /** Takes an interrupted job off the list; answers the rest. */
  'jobs.dismiss': method<InterruptedJob[]>()(z.object({ jobId: id })),
} as const;
