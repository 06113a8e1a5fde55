import type { CocoId } from './row.ts';

/** The sections of a file whose rows have ids. */
export type SectionName = 'images' | 'categories' | 'annotations';

type Row = Readonly<Record<string, unknown>>;

/** The section whose ids a key of a row has. */
function sectionOf(key: string, own: SectionName): SectionName {
  if (key === 'image_id') return 'images';
  return key === 'category_id' ? 'categories' : own;
}

const idKeys = ['id', 'image_id', 'category_id'];

/** Ids that are text or beyond 2^53, in place of the numbers that stand for them in the program. */
export class Spelling {
  readonly #spelled: Readonly<Record<SectionName, ReadonlyMap<number, CocoId>>>;
  readonly #numbers: Readonly<Record<SectionName, ReadonlyMap<unknown, number>>>;

  constructor(spelled: Readonly<Record<SectionName, ReadonlyMap<number, CocoId>>>) {
    this.#spelled = spelled;
    const { images, categories, annotations } = spelled;
    this.#numbers = {
      images: inverse(images),
      categories: inverse(categories),
      annotations: inverse(annotations),
    };
  }

  /** Whether all ids are numbers of the program. */
  get isPlain(): boolean {
    return Object.values(this.#spelled).every(({ size }) => size === 0);
  }

  /** The row as the file has it. */
  written(section: SectionName, row: object): object {
    if (this.isPlain) return row;
    return replaced(row as Row, section, (id, of) => {
      const spelled = this.#spelled[of].get(id as number);
      return spelled === undefined ? undefined : inJson(spelled);
    });
  }

  /** The row as the program has it. */
  read(section: SectionName, row: Row): Row {
    return replaced(row, section, (id, of) => this.#numbers[of].get(id));
  }
}

function replaced(
  row: Row,
  section: SectionName,
  replace: (id: unknown, section: SectionName) => unknown,
): Row {
  const changes = idKeys.flatMap((key) => {
    const value = key in row ? replace(row[key], sectionOf(key, section)) : undefined;
    return value === undefined ? [] : [[key, value] as const];
  });
  return changes.length === 0 ? row : { ...row, ...Object.fromEntries(changes) };
}

/**
 * The id of a row as it is kept: digits alone stand for a whole number beyond 2^53, so a text of
 * such digits is kept in its quotation marks.
 * @param longNumbers the digits that the row has as numbers
 */
export function keptSpelling(id: CocoId, longNumbers?: ReadonlySet<string>): CocoId {
  const isText = isLong(id) && longNumbers?.has(id) !== true;
  return isText ? JSON.stringify(id) : id;
}

/** The id that a file would have, read with its whole numbers as digits. */
export function readSpelling(kept: CocoId): CocoId {
  const text = typeof kept === 'string' ? /^"(.*)"$/.exec(kept)?.[1] : undefined;
  return text !== undefined && isLong(text) ? text : kept;
}

/** Digits beyond 2^53 are numbers in the files that have them; a double would round them. */
function inJson(kept: CocoId): unknown {
  if (!isLong(kept)) return readSpelling(kept);
  return (JSON as unknown as { rawJSON(text: string): object }).rawJSON(kept);
}

function isLong(id: CocoId): id is string {
  const isDigits = typeof id === 'string' && /^-?[1-9]\d{15,}$/.test(id);
  return isDigits && !Number.isSafeInteger(Number(id));
}

function inverse(ids: ReadonlyMap<number, CocoId>): ReadonlyMap<CocoId, number> {
  return new Map(Array.from(ids, ([number, id]) => [readSpelling(id), number]));
}
