/**
 * Images too large to be shown whole are shown in tiles of a pyramid; the backend cuts them, the
 * canvas places them.
 */

/** Side of a tile in its own pixels. */
export const tileSide = 512;

/** A square of a pyramid over an image: a pixel of level n covers 2^n x 2^n image pixels. */
export interface Tile {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** How a tile of an image is named in addresses. */
export type TileName = `tile-${number}-${number}-${number}`;

export function tileName({ level, column, row }: Tile): TileName {
  return `tile-${level}-${column}-${row}`;
}

/** The tile of a name, or null when it names none. */
export function parseTileName(name: string): Tile | null {
  const match = /^tile-(\d{1,2})-(\d{1,4})-(\d{1,4})$/.exec(name);
  if (!match) return null;
  const [level, column, row] = match.slice(1).map(Number);
  return { level: level!, column: column!, row: row! };
}
