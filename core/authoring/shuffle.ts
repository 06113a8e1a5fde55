import { seededRandom, shuffle } from '../seeded-random.ts';

/** Under this name an item keeps what its choices were shuffled with. */
export const seedKey = 'shuffle_seed';

/** A seed for {@link shuffled}: a whole number below 2^31. */
export function newSeed(random: () => number = Math.random): number {
  return Math.floor(random() * 2 ** 31);
}

/**
 * The values in an order that their set and the seed alone decide; their order before does not
 * matter. Pure.
 */
export function shuffled(values: readonly string[], seed: number): string[] {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : Number(a > b)));
  return shuffle(sorted, seededRandom(seed));
}
