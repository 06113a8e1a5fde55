import type { AppError } from '../errors.ts';
import type { NoteRow } from './dataset-row.ts';

export function rowNote(place: string, isLoss: boolean, problem: AppError): NoteRow {
  return { kind: 'note', place, isLoss, problem };
}

/** Something that is taken over with a doubt. */
export function doubt(place: string, problem: AppError): NoteRow {
  return rowNote(place, false, problem);
}

/** Something that is left out. */
export function loss(place: string, problem: AppError): NoteRow {
  return rowNote(place, true, problem);
}
