import { z } from 'zod';
import { diffSchema } from '../../../core/diff.ts';
import { stepLabelSchema } from '../../../core/project/step-labels.ts';
import type { Person } from '../../../core/records.ts';
import type { GradualStep, HistoryStep } from '../../../db/project.ts';
import { id, method, nothing } from './method.ts';

export type { HistoryStep };

/** The steps that a window can undo and redo. Other open windows undo and redo their own steps. */
export interface UndoState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A step that the journal took, without what the caller knows already: its diff. */
export interface TakenStep extends Omit<GradualStep, 'diff'>, UndoState {}

/**
 * The change of an undo or redo. The interface applies it to the shown records, or reads them again
 * if it is absent.
 */
export interface AppliedStep extends TakenStep, GradualStep {}

export const journalContract = {
  /** Applies a change; `conflict` when a record is no longer what the diff says it was. */
  'journal.apply': method<TakenStep>()(
    z.object({ label: stepLabelSchema, diff: diffSchema, imageId: id.optional() }),
  ),
  'journal.undo': method<AppliedStep | null>()(nothing),
  'journal.redo': method<AppliedStep | null>()(nothing),
  /**
   * Undoes or redoes until this step is the newest that is done; 0 undoes all. Null: nothing to
   * do.
   */
  'journal.travelTo': method<AppliedStep | null>()(z.object({ stepId: z.number().int().min(0) })),
  /** The steps that this window can undo and redo. */
  'journal.undoState': method<UndoState>()(nothing),
  'journal.history': method<HistoryStep[]>()(
    z.object({ before: z.number().int().optional(), limit: z.number().int().min(1).max(1000) }),
  ),
  /** Persons who worked on the project. */
  'journal.people': method<Person[]>()(nothing),
} as const;
