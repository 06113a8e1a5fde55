/**
 * Levenshtein's distance of two texts in characters, as a share of the longer one: 0 of equal
 * texts, 1 where nothing is alike.
 */
export function editDistance(first: string, second: string): number {
  const [from, to] = [[...first], [...second]];
  const longest = Math.max(from.length, to.length);
  if (longest === 0) return 0;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, character] of from.entries()) {
    const next = [line + 1];
    for (const [column, other] of to.entries()) {
      const changed = row[column]! + Number(character !== other);
      next.push(Math.min(changed, row[column + 1]! + 1, next[column]! + 1));
    }
    row = next;
  }
  return row[to.length]! / longest;
}
