import type { AppError } from '../errors.ts';
import type { Geometry } from '../records.ts';
import { datasetProblem } from './sentences.ts';

/** Why a format of masks and boxes leaves out a region that covers no pixel of its image. */
export function regionWithoutPixels({ kind }: Geometry): AppError {
  if (kind === 'tag') return datasetProblem('exportTag', {});
  if (kind === 'polyline') return datasetProblem('exportPolyline', {});
  return datasetProblem('exportEmpty', {});
}
