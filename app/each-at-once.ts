/**
 * Does work for each item, several at once. Where it fails for one, no further item is begun.
 * @throws what `work` throws first
 */
export async function eachAtOnce<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const remaining = (function* () {
    yield* items;
  })();
  const workOn = async (): Promise<void> => {
    // Leaving the loop by an error ends the others' loops, for they take from the same iterator.
    for (const item of remaining) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, workOn));
}
