import type { AppError } from '../errors.ts';
import { deepestJson } from './parse-json.ts';
import { datasetFailure } from './sentences.ts';

/**
 * One value of a file whose top level is an object of sections: an element of a section that is a
 * list (`index` from 0), or the whole of a section that is not or is empty (`index` null). A row
 * that is not valid JSON by itself (Python writes NaN, for one), or that is too deep or too long
 * to be worked with, carries what is wrong with it instead of a value, so that the rest can be
 * read.
 */
export type JsonRow =
  | {
      readonly section: string;
      readonly index: number | null;
      readonly value: unknown;
      /**
       * Present where numbers that JSON does not know were read; see
       * {@link JsonRowOptions.numbers}.
       */
      readonly hasNonFinite?: true;
      /** The digits of whole numbers that became strings, where the row has some. */
      readonly longNumbers?: ReadonlySet<string>;
    }
  | { readonly section: string; readonly index: number | null; readonly problem: string };

/** Characters; a string of twice as many cannot be made. */
const longestRow = 2 ** 28;

export interface JsonRowOptions {
  /**
   * Whether the rows of a section are given at all; the others cost next to nothing. All unless
   * given.
   */
  readonly wanted?: (section: string) => boolean;
  /** Characters that a row may have. */
  readonly longest?: number;
  /**
   * `python`: NaN and Infinity, which Python writes, are read as what they are, and whole numbers
   * beyond 2^53 as strings of their digits, which a double would round.
   */
  readonly numbers?: 'json' | 'python';
}

/**
 * Reads a JSON file in pieces, holding the rows of one piece at a time: COCO files of hundreds of
 * megabytes do not fit into one string.
 * @param chunks the file's text, cut anywhere, for instance a stream with an encoding of utf8.
 * @throws AppError `dataset-invalid` when the top level is not an object, the text ends early or
 * goes on.
 */
export async function* readJsonRows(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: JsonRowOptions = {},
): AsyncGenerator<JsonRow, void> {
  for await (const rows of readJsonRowLists(chunks, options)) yield* rows;
}

/**
 * {@link readJsonRows} with the rows, often none, of each piece at once: a turn for each costs as
 * much as parsing it.
 */
export async function* readJsonRowLists(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: JsonRowOptions = {},
): AsyncGenerator<JsonRow[], void> {
  const parser = new JsonRowParser(options);
  for await (const chunk of chunks) yield parser.push(chunk);
  parser.end();
}

/**
 * The expected next token of the parser. A piece is the text up to the next separator outside
 * strings and brackets.
 */
type Expected = 'object' | 'key' | 'value' | 'element' | 'separator' | 'nothing';

class JsonRowParser {
  readonly #wanted: (section: string) => boolean;
  readonly #longest: number;
  readonly #numbers: 'json' | 'python';
  #expected: Expected = 'object';
  #section = '';
  #index = 0;
  /**
   * The begun piece: its text from earlier chunks, its open brackets, whether it is inside a
   * string.
   */
  #piece = '';
  #depth = 0;
  #deepest = 0;
  #isTooLong = false;
  #isInString = false;
  #isEscaped = false;
  #characters = 0;

  constructor({ wanted = () => true, longest = longestRow, numbers = 'json' }: JsonRowOptions) {
    this.#wanted = wanted;
    this.#longest = longest;
    this.#numbers = numbers;
  }

  /**
   * The rows that end in the next chunk of the text.
   * @throws AppError `dataset-invalid`; rows before the fault are lost with it.
   */
  push(chunk: string): JsonRow[] {
    const rows: JsonRow[] = [];
    let start = 0;
    let position = 0;
    while (position < chunk.length) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        position++;
        continue;
      }
      const stops = this.#isInString ? stringStops : this.#depth > 0 ? bracketStops : rowStops;
      stops.lastIndex = position;
      if (!stops.test(chunk)) break;
      position = stops.lastIndex;
      const character = chunk.charCodeAt(position - 1);
      if (character === quote) {
        this.#isInString = !this.#isInString;
      } else if (character === backslash) {
        this.#isEscaped = true;
      } else if (this.#depth > 0) {
        this.#depth += character === openBrace || character === openBracket ? 1 : -1;
        this.#deepest = Math.max(this.#deepest, this.#depth);
      } else {
        this.#keep(chunk.slice(start, position - 1));
        const row = this.#meet(chunk[position - 1]!, this.#piece.trim(), position - 1);
        // A bracket belongs to the piece that it opens; only space is before it, and joined with
        // that, a row would be copied whole.
        this.#piece = '';
        start = this.#depth > 0 ? position - 1 : position;
        if (row) rows.push(row);
      }
    }
    this.#keep(chunk.slice(start));
    this.#characters += chunk.length;
    return rows;
  }

  /** Adds to the begun piece, or lets go of one that grows too long. */
  #keep(text: string): void {
    if (this.#piece.length + text.length > this.#longest) {
      this.#isTooLong = true;
      // Something must stand for it, or it would read as an empty list.
      this.#piece = '…';
    } else if (!this.#isTooLong) this.#piece += text;
  }

  /** Takes a structural character outside strings and brackets, with the text before it. */
  #meet(character: string, text: string, position: number): JsonRow | null {
    switch (this.#expected) {
      case 'object':
        if (character !== '{' || text !== '') throw this.#notAnObject(character);
        this.#expected = 'key';
        return null;
      case 'key':
        if (character === ':') {
          this.#section = this.#key(text, position);
          this.#expected = 'value';
          return null;
        }
        if (character === '}' && text === '') return this.#expect('nothing');
        break;
      case 'value':
        if (character === '[' && text === '') {
          this.#index = 0;
          return this.#expect('element');
        }
        if (character === '{' && text === '') return this.#open();
        if (character === ',' || character === '}') {
          this.#expected = character === ',' ? 'key' : 'nothing';
          return this.#row(null, text);
        }
        break;
      case 'element':
        if ((character === '{' || character === '[') && text === '') return this.#open();
        if (character === ']' && text === '' && this.#index === 0) {
          this.#expected = 'separator';
          return this.#row(null, '[]');
        }
        if (character === ',' || character === ']') {
          if (character === ']') this.#expected = 'separator';
          return this.#row(this.#index++, text);
        }
        break;
      case 'separator':
        if (text === '' && character === ',') return this.#expect('key');
        if (text === '' && character === '}') return this.#expect('nothing');
        break;
      case 'nothing':
        break;
    }
    throw this.#malformed(character, position);
  }

  #open(): null {
    this.#depth = 1;
    return null;
  }

  #expect(next: Expected): null {
    this.#expected = next;
    return null;
  }

  #row(index: number | null, text: string): JsonRow | null {
    const section = this.#section;
    const [deepest, isTooLong] = [this.#deepest, this.#isTooLong];
    this.#deepest = 0;
    this.#isTooLong = false;
    if (!this.#wanted(section)) return null;
    if (isTooLong) {
      return { section, index, problem: `it is longer than ${this.#longest} characters` };
    }
    if (deepest > deepestJson) {
      const problem = `it is nested ${deepest} levels deep, of which ${deepestJson} are read`;
      return { section, index, problem };
    }
    const isPython = this.#numbers === 'python';
    try {
      if (isPython && mayBeRounded(text)) return { section, index, ...parseExact(text) };
      const value: unknown = JSON.parse(text);
      return { section, index, value };
    } catch (thrown) {
      const value = isPython ? parseNonFinite(text) : undefined;
      return value === undefined
        ? { section, index, problem: (thrown as Error).message }
        : { section, index, value, hasNonFinite: true };
    }
  }

  #key(text: string, position: number): string {
    try {
      return String(JSON.parse(text));
    } catch {
      throw this.#malformed(text, position);
    }
  }

  end(): void {
    if (this.#expected === 'nothing' && this.#piece.trim() === '') return;
    if (this.#expected === 'nothing') throw this.#malformed(this.#piece.trim(), 0);
    if (this.#expected === 'object') throw this.#notAnObject(this.#piece.trim().slice(0, 1));
    throw datasetFailure('dataset-invalid', 'datasetCutOff', {
      characters: this.#characters,
      section: this.#section,
    });
  }

  #notAnObject(found: string): AppError {
    return datasetFailure('dataset-invalid', 'datasetNotObject', { found });
  }

  #malformed(found: string, position: number): AppError {
    return datasetFailure('dataset-invalid', 'datasetNotJson', {
      found: found.slice(0, 20),
      character: this.#characters + position + 1,
      section: this.#section,
    });
  }
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const openBrace = 0x7b;

/** The end of a skippable stretch: within strings, within brackets, and outside both. */
const stringStops = /["\\]/g;
const bracketStops = /["[\]{}]/g;
const rowStops = /["[\]{},:]/g;

/**
 * Whether a text may hold a whole number beyond 2^53; the first look is the faster one, and mostly
 * enough.
 */
function mayBeRounded(text: string): boolean {
  return hasSixteenDigits(text) && longNumber.test(text);
}

/** Whether sixteen digits follow each other: one of them stands at every sixteenth place. */
function hasSixteenDigits(text: string): boolean {
  for (let place = 15; place < text.length; place += 16) {
    if (!isDigit(text, place)) continue;
    let start = place;
    let end = place + 1;
    while (isDigit(text, start - 1)) start--;
    while (isDigit(text, end)) end++;
    if (end - start >= 16) return true;
  }
  return false;
}

function isDigit(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  return code >= 0x30 && code <= 0x39;
}

const longNumber = /[^\d."][1-9]\d{15,}(?![\d.eE"])/;

/** JSON whose whole numbers beyond 2^53 become strings of their digits. */
function parseExact(text: string): { value: unknown; longNumbers?: ReadonlySet<string> } {
  const longNumbers = new Set<string>();
  /** @param source the number as it is written, which JSON.parse hands over (ECMAScript 2026) */
  const keepDigits = (_key: string, found: unknown, { source }: { source?: string }): unknown => {
    const isRounded = Number.isInteger(found) && !Number.isSafeInteger(found);
    if (!isRounded || source === undefined || !/^-?\d+$/.test(source)) return found;
    longNumbers.add(source);
    return source;
  };
  const value: unknown = JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
  return { value, ...(longNumbers.size > 0 && { longNumbers }) };
}

const stringOrNonFinite = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
/** Stands for them in between; no file writes it. */
const nonFiniteMark = '\uE000pixelsail ';

/** JSON with NaN, Infinity and -Infinity; undefined when something else is wrong with it. */
function parseNonFinite(text: string): unknown {
  const marked = text.replace(stringOrNonFinite, (found) =>
    found.startsWith('"') ? found : `"${nonFiniteMark}${found}"`,
  );
  if (marked === text) return undefined;
  try {
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === 'string' && value.startsWith(nonFiniteMark)
        ? Number(value.slice(nonFiniteMark.length))
        : value,
    );
  } catch {
    return undefined;
  }
}
