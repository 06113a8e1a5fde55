import { toErrorEnvelope, type AppError, type ErrorEnvelope } from '../errors.ts';
import { datasetProblem } from './sentences.ts';

/**
 * Notes of one sentence that are kept one by one; the others are counted, so that memory does not
 * grow with them.
 */
const keptOfEach = 20_000;

type Note<Where> = Where & { readonly isLoss: boolean; readonly error: ErrorEnvelope };

/** Omissions and warnings of an import or export, with their place. */
export class Notes<Where extends object> {
  readonly #notes: Note<Where>[] = [];
  /** By sentence. */
  readonly #counts = new Map<string, { count: number; sample: string; isLoss: boolean }>();

  add(where: Where, isLoss: boolean, problem: AppError): void {
    const { sentence, message } = problem;
    const key = `${isLoss ? 'loss' : 'doubt'} ${sentence ?? message}`;
    const counted = this.#counts.get(key) ?? { count: 0, sample: message, isLoss };
    counted.count++;
    this.#counts.set(key, counted);
    if (counted.count > keptOfEach) return;
    this.#notes.push({ ...where, isLoss, error: toErrorEnvelope(problem) });
  }

  /**
   * All of them, and one note for each sentence that was said too often.
   * @param elsewhere the place of that note
   */
  all(elsewhere: Where): readonly Note<Where>[] {
    const more = [...this.#counts.values()].filter(({ count }) => count > keptOfEach);
    return [
      ...this.#notes,
      ...more.map(({ count, sample, isLoss }) => {
        const problem = datasetProblem('rowsMore', { count: count - keptOfEach, sample });
        return { ...elsewhere, isLoss, error: toErrorEnvelope(problem) };
      }),
    ];
  }
}
