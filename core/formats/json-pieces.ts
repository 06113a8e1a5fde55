const pieceLength = 65536;

/**
 * A JSON list in pieces of some 64 kB, an element a line, between what stands before and after it.
 */
export function* jsonListPieces(
  before: string,
  rows: Iterable<object>,
  after: string,
): Generator<string, void> {
  let piece = before;
  let separator = '\n';
  for (const row of rows) {
    piece += separator + JSON.stringify(row);
    separator = ',\n';
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  yield piece + after;
}
