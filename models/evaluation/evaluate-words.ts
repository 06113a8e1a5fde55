import { meteor } from '../../core/scores/meteor.ts';
import type { ModelRequest } from '../../core/prompt.ts';
import type { CategoryFrequencies, Target } from './targets.ts';
import type { Answerer } from './evaluation.ts';
import { seededRandom, shuffle } from '../../core/seeded-random.ts';
import { templateDescription } from './template-description.ts';

const choiceCount = 4;
const question = 'What is this?';

export interface WordEvaluation {
  readonly count: number;
  /** Share of right answers: the right choice, or a description that holds the category's name. */
  readonly accuracy: number;
  /** Mean METEOR of descriptions against what a template says of the region, without synonyms. */
  readonly meteor?: number;
  readonly baselines: Readonly<
    Record<string, { readonly accuracy: number; readonly meteor?: number }>
  >;
  /** The description of the model and that of the template, for reading. */
  readonly examples?: readonly DescriptionExample[];
}

export interface DescriptionExample {
  readonly id: number;
  readonly file: string;
  readonly text: string;
  readonly template: string;
  readonly meteor: number;
}

/**
 * Multiple choice: what an object, given by its mask, is, out of its own category and up to three
 * others of the file. Beside it: guessing, and always taking the choice that is most frequent in
 * the file.
 */
export async function evaluateChoices(
  targets: readonly Target[],
  frequencies: CategoryFrequencies,
  answerer: Answerer,
): Promise<WordEvaluation> {
  const scores = { right: 0, chance: 0, mostFrequent: 0 };
  await answerer.forEach(targets, async (target, { ask }) => {
    const choices = drawChoices(target, [...frequencies.keys()]);
    const { answers } = await ask({ task: 'ask', question, choices, ...pointAt(target) });
    const chosen = answers[0]?.choice ?? null;
    if (chosen !== null && choices[chosen] === target.category) scores.right++;
    scores.chance += 1 / choices.length;
    const usual = choices.reduce((best, choice) =>
      (frequencies.get(choice) ?? 0) > (frequencies.get(best) ?? 0) ? choice : best,
    );
    if (usual === target.category) scores.mostFrequent++;
  });
  const share = (number: number) => ({ accuracy: number / targets.length });
  return {
    count: targets.length,
    ...share(scores.right),
    baselines: { chance: share(scores.chance), mostFrequent: share(scores.mostFrequent) },
  };
}

/**
 * Descriptions: how often the words about an object, given by its mask, hold its category's name,
 * and how near they come to what a template says of it. Beside it: always saying the category that
 * is most frequent in the file.
 * @param all every object of the photos, for what lies beside a target.
 */
export async function evaluateDescriptions(
  targets: readonly Target[],
  all: readonly Target[],
  frequencies: CategoryFrequencies,
  answerer: Answerer,
): Promise<WordEvaluation> {
  const [usual] = [...frequencies].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  const ofPhoto = Map.groupBy(all, ({ image }) => image.id);
  const model = { right: 0, meteor: 0 };
  const baseline = { right: 0, meteor: 0 };
  const examples: DescriptionExample[] = [];
  await answerer.forEach(targets, async (target, { photo, ask }) => {
    const { answers } = await ask({ task: 'describe', ...pointAt(target) });
    const text = answers.map((answer) => answer.text).join(' ');
    const others = ofPhoto.get(target.image.id)!.filter(({ id }) => id !== target.id);
    const template = templateDescription(target, others, photo);
    for (const [sums, said] of [
      [model, text],
      [baseline, `a ${usual}`],
    ] as const) {
      if (mentions(said, target.category)) sums.right++;
      sums.meteor += meteor(said, [template]);
    }
    const { id, image } = target;
    examples.push({ id, file: image.file, text, template, meteor: meteor(text, [template]) });
  });
  const count = targets.length;
  const mean = (sums: typeof model) => ({
    accuracy: sums.right / count,
    meteor: sums.meteor / count,
  });
  return { count, ...mean(model), baselines: { mostFrequent: mean(baseline) }, examples };
}

function pointAt({ rle }: Target): Pick<ModelRequest, 'regions'> {
  return { regions: [{ marks: [{ kind: 'mask', rle }] }] };
}

/** The right category among others, in an order that depends only on the target's id. */
export function drawChoices(
  { id, category }: Pick<Target, 'id' | 'category'>,
  categories: readonly string[],
): string[] {
  const random = seededRandom(id);
  const others = shuffle(
    [...new Set(categories)].filter((name) => name !== category),
    random,
  );
  return shuffle([category, ...others.slice(0, choiceCount - 1)], random);
}

/** Whether a text holds a name as whole words, in any case. */
export function mentions(text: string, name: string): boolean {
  const words = (part: string) =>
    ` ${part
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .join(' ')} `;
  return words(text).includes(words(name));
}
