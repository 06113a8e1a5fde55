import { rleArea } from '../../core/geometry/rle.ts';
import { summarize } from '../../core/scores/masks.ts';
import type { CategoryFrequencies, Target } from './targets.ts';
import { predictedMask } from './evaluate-masks.ts';
import type { Answerer } from './evaluation.ts';
import { promptFor } from './prompts.ts';
import { seededRandom } from '../../core/seeded-random.ts';

/**
 * Whether a model marks what is in a photo, and nothing where the name of something else is asked
 * for.
 */
export interface PresenceEvaluation {
  /** Photos with a category; each is asked for it and for one that it lacks. */
  readonly count: number;
  /**
   * Share of the names of what is not there that were answered without a mask (N-acc. of GRES);
   * NaN of none.
   */
  readonly absentAccuracy: number;
  /** Share of the names of what is there that were answered with a mask (T-acc. of GRES). */
  readonly presentAccuracy: number;
  /** Mean share of the photo that was marked for a name of what is not there; NaN of none. */
  readonly absentShare: number;
}

/**
 * Asks every target's photo for the target's category and for one of the file that the photo
 * lacks, if there is any. An unmarked object counts as absent.
 * @param all every target of the file.
 */
export async function evaluatePresence(
  targets: readonly Target[],
  all: readonly Target[],
  frequencies: CategoryFrequencies,
  answerer: Pick<Answerer, 'forEach'>,
): Promise<PresenceEvaluation> {
  const ofPhoto = Map.groupBy(all, ({ image }) => image.id);
  const [present, absent]: [number[], number[]] = [[], []];
  await answerer.forEach(targets, async (target, { ask }) => {
    const { width, height } = target.image;
    const shareMarked = async (category: string) =>
      rleArea(predictedMask(await ask(promptFor('text', { ...target, category })), target)) /
      (width * height);
    present.push(await shareMarked(target.category));
    const here = new Set(ofPhoto.get(target.image.id)!.map(({ category }) => category));
    const lacking = absentCategory(target.id, frequencies, here);
    if (lacking !== null) absent.push(await shareMarked(lacking));
  });
  return {
    count: targets.length,
    absentAccuracy: summarize(absent.map((share) => Number(share === 0))).mean,
    presentAccuracy: summarize(present.map((share) => Number(share > 0))).mean,
    absentShare: summarize(absent).mean,
  };
}

/**
 * A category that the file has but not the photo, drawn by the target's id; null where the photo
 * has all of them.
 */
export function absentCategory(
  id: number,
  frequencies: CategoryFrequencies,
  present: ReadonlySet<string>,
): string | null {
  const lacking = [...frequencies].flatMap(([name, count]) =>
    count > 0 && !present.has(name) ? [name] : [],
  );
  return lacking[Math.floor(seededRandom(id)() * lacking.length)] ?? null;
}
