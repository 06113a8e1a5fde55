import type { ModelRequest } from '../../core/prompt.ts';
import type { Target } from './dataset.ts';
import type { Answerer } from './evaluation.ts';

const choiceCount = 4;
const question = 'What is this?';

export interface WordEvaluation {
  readonly count: number;
  /** Share of right answers: the right choice, or a description that holds the category's name. */
  readonly accuracy: number;
  readonly baselines: Readonly<Record<string, { readonly accuracy: number }>>;
}

/**
 * Multiple choice: what an object, given by its mask, is, out of its own category and up to three others of the file.
 * Beside it: guessing, and always taking the choice that is most frequent in the file.
 */
export async function evaluateChoices(
  targets: readonly Target[],
  categories: readonly string[],
  answerer: Answerer,
): Promise<WordEvaluation> {
  const frequency = frequencies(targets);
  const scores = { right: 0, chance: 0, mostFrequent: 0 };
  const choicesOf = (target: Target) => drawChoices(target, categories);
  await answerer.forEach(
    targets,
    (target) => ({ task: 'ask', question, choices: choicesOf(target), ...pointAt(target) }),
    (target, { answers }) => {
      const choices = choicesOf(target);
      const chosen = answers[0]?.choice ?? null;
      if (chosen !== null && choices[chosen] === target.category) scores.right++;
      scores.chance += 1 / choices.length;
      const usual = choices.reduce((best, choice) =>
        (frequency.get(choice) ?? 0) > (frequency.get(best) ?? 0) ? choice : best,
      );
      if (usual === target.category) scores.mostFrequent++;
    },
  );
  const share = (number: number) => ({ accuracy: number / targets.length });
  return {
    count: targets.length,
    ...share(scores.right),
    baselines: { chance: share(scores.chance), mostFrequent: share(scores.mostFrequent) },
  };
}

/**
 * Descriptions: how often the words about an object, given by its mask, hold its category's name. Beside it: always
 * saying the most frequent one.
 */
export async function evaluateDescriptions(
  targets: readonly Target[],
  answerer: Answerer,
): Promise<WordEvaluation> {
  let right = 0;
  await answerer.forEach(
    targets,
    (target) => ({ task: 'describe', ...pointAt(target) }),
    (target, { answers }) => {
      if (mentions(answers.map(({ text }) => text).join(' '), target.category)) right++;
    },
  );
  const most = Math.max(...frequencies(targets).values());
  return {
    count: targets.length,
    accuracy: right / targets.length,
    baselines: { mostFrequent: { accuracy: most / targets.length } },
  };
}

function pointAt({ rle }: Target): Pick<ModelRequest, 'regions'> {
  return { regions: [{ marks: [{ kind: 'mask', rle }] }] };
}

function frequencies(targets: readonly Target[]): Map<string, number> {
  const byCategory = Map.groupBy(targets, ({ category }) => category);
  return new Map([...byCategory].map(([category, group]) => [category, group.length]));
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

function shuffle<Value>(values: readonly Value[], random: () => number): Value[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
