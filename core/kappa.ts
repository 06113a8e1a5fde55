/**
 * Cohen's kappa of two sides: how much more often they agree than chance would have them, from -1
 * to 1 (Cohen 1960).
 * @param pairs what both said of the same things, and of how many things, one unless given
 * @returns NaN of nothing, and where both always said the same one thing, of which chance
 * explains all
 */
export function cohenKappa<Said>(
  pairs: Iterable<readonly [one: Said, other: Said, count?: number]>,
): number {
  const [ones, others] = [new Map<Said, number>(), new Map<Said, number>()];
  let [total, agreed] = [0, 0];
  for (const [one, other, count = 1] of pairs) {
    total += count;
    if (one === other) agreed += count;
    ones.set(one, (ones.get(one) ?? 0) + count);
    others.set(other, (others.get(other) ?? 0) + count);
  }
  const expected = [...ones].reduce(
    (sum, [said, count]) => sum + (count / total) * ((others.get(said) ?? 0) / total),
    0,
  );
  return (agreed / total - expected) / (1 - expected);
}

/**
 * Fleiss' kappa of any number of reviewers, who need not be the same for all things; what one
 * alone said something of is left out.
 * Things that more reviewers saw weigh the same (Fleiss 1971, with the share of agreeing pairs
 * of each thing).
 * @param things what was said of each thing, by each of its reviewers
 * @returns NaN where nothing is left, or all said the same one thing
 */
export function fleissKappa(things: readonly (readonly string[])[]): number {
  const rated = things.filter((said) => said.length > 1);
  const total = rated.reduce((sum, said) => sum + said.length, 0);
  const values = [...new Set(rated.flat())];
  const countOf = (said: readonly string[], value: string) =>
    said.filter((one) => one === value).length;
  const observed =
    rated.reduce((sum, said) => {
      const pairs = values.reduce((some, value) => {
        const count = countOf(said, value);
        return some + count * (count - 1);
      }, 0);
      return sum + pairs / (said.length * (said.length - 1));
    }, 0) / rated.length;
  const expected = values.reduce((sum, value) => {
    const share = rated.reduce((some, said) => some + countOf(said, value), 0) / total;
    return sum + share ** 2;
  }, 0);
  return (observed - expected) / (1 - expected);
}
