import type { AppError } from '../errors.ts';
import type { NoteRow } from './dataset-row.ts';

/** Something that is taken over with a doubt. */
export function doubt(place: string, problem: AppError): NoteRow {
  return { kind: 'note', place, isLoss: false, problem };
}

/** Something that is left out. */
export function loss(place: string, problem: AppError): NoteRow {
  return { kind: 'note', place, isLoss: true, problem };
}
