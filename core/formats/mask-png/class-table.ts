import { readCsv } from '../csv.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import { isObject } from '../json-values.ts';
import { colorFromParts, colorFromText, type Color } from '../label-image.ts';
import { parseJson } from '../parse-json.ts';
import { lastPart } from '../photo-files.ts';

/** A class that masks may have. */
export interface MaskClass {
  /** Null where only its colour is known. */
  readonly value: number | null;
  readonly name: string;
  readonly color: Color | null;
  readonly parent: string | null;
  /** Its value is only its place in the table. */
  readonly isCounted?: true;
}

const tableNames =
  /^(classes|labels|label_?map|class_?dict|class_?names|label_?colou?rs|colou?r_?map|palette|categories)\.(csv|txt|json)$/i;

/** Files that may be tables of classes, the likeliest first. */
export function tablePaths(paths: readonly string[], given: string | null): string[] {
  const tables = paths.filter((path) => path === given || tableNames.test(lastPart(path)));
  const rank = (path: string): number =>
    path === given ? -1 : path.split('/').length * 4 + (path.endsWith('.csv') ? 0 : 1);
  return tables.sort((a, b) => rank(a) - rank(b));
}

/** @throws Error for what is no table. */
export async function readClassTable(files: DatasetFiles, path: string): Promise<MaskClass[]> {
  const text = await files.text(path);
  const classes = /\.json$/i.test(path)
    ? jsonClasses(parseJson(text))
    : /\.csv$/i.test(path)
      ? await csvClasses(text)
      : textClasses(text);
  if (classes.length === 0) throw new Error('it names no classes');
  return classes;
}

/** Names, one a line, counted from 0; `3: name`; or `name:red,green,blue:parts:actions`. */
function textClasses(text: string): MaskClass[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  // labelme begins with what has no value.
  const first = lines[0] === '__ignore__' ? -1 : 0;
  return lines.flatMap((line, index): MaskClass[] => {
    const colored = /^(.*?):(\d+),(\d+),(\d+)(?::|$)/.exec(line);
    if (colored) {
      const [, name, ...rgb] = colored;
      const color = colorFromParts(rgb.map(Number));
      return [{ value: index + first, name: name!, color, parent: null }];
    }
    const numbered = /^(\d+)\s*[:,;\t ]\s*(\S.*)$/.exec(line);
    const value = numbered ? Number(numbered[1]) : index + first;
    const name = numbered ? numbered[2]! : line;
    return value < 0 ? [] : [{ value, name, color: null, parent: null }];
  });
}

const columnNames = {
  value: /^(index|id|value|pixel|class_?id|label_?id|train_?id)$/i,
  name: /^(name|class|label|class_?name|label_?name|category)$/i,
  color: /^(colou?r|hex|rgb)$/i,
  parent: /^(parent|supercategory)$/i,
  red: /^(r|red)$/i,
  green: /^(g|green)$/i,
  blue: /^(b|blue)$/i,
} as const;

async function csvClasses(text: string): Promise<MaskClass[]> {
  const rows: (readonly string[])[] = [];
  for await (const { fields } of readCsv([text])) rows.push(fields.map((field) => field.trim()));
  const [header = []] = rows;
  const columnOf = (name: keyof typeof columnNames): number =>
    header.findIndex((title) => columnNames[name].test(title));
  const hasHeader = columnOf('name') >= 0 && !header.some((title) => /^\d+$/.test(title));
  const guessed = /^\d+$/.test(header[0] ?? '')
    ? ['value', 'name']
    : ['name', 'red', 'green', 'blue'];
  const at = (name: keyof typeof columnNames): number =>
    hasHeader ? columnOf(name) : guessed.indexOf(name);
  const [value, name, color, parent] = [at('value'), at('name'), at('color'), at('parent')];
  const parts = [at('red'), at('green'), at('blue')];
  return rows.slice(hasHeader ? 1 : 0).flatMap((fields, index): MaskClass[] => {
    const title = fields[name] ?? '';
    if (title === '') return [];
    const rgb = parts.map((part) => Number.parseInt(fields[part] ?? '', 10));
    const isRgb = parts.every((part) => part >= 0) && rgb.every(Number.isInteger);
    return [
      {
        value: value >= 0 ? wholeNumber(fields[value]) : index,
        name: title,
        color: isRgb ? colorFromParts(rgb) : colorOfText(fields[color] ?? ''),
        parent: fields[parent] || null,
        ...(value < 0 && { isCounted: true as const }),
      },
    ];
  });
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function colorOfText(text: string): Color | null {
  if (/^#?[0-9a-f]{6}$/i.test(text)) return colorFromText(`#${text.replace('#', '')}`);
  const parts = text.match(/\d+/g)?.map(Number) ?? [];
  return parts.length >= 3 ? colorFromParts(parts.slice(0, 3)) : null;
}

/** A list of names or of objects, or names by values, or values by names. */
function jsonClasses(json: unknown): MaskClass[] {
  if (Array.isArray(json)) {
    return json.flatMap((entry: unknown, index) => jsonClass(entry, index) ?? []);
  }
  if (!isObject(json)) return [];
  const list = json['classes'] ?? json['labels'] ?? json['categories'];
  if (Array.isArray(list) || isObject(list)) return jsonClasses(list);
  return Object.entries(json).flatMap(([key, entry]): MaskClass[] => {
    const value = wholeNumber(key);
    if (value !== null) {
      const found = jsonClass(entry, value);
      return found ? [found] : [];
    }
    const color = Array.isArray(entry) ? colorOfText(entry.join(',')) : null;
    const number = typeof entry === 'number' && Number.isInteger(entry) ? entry : null;
    return number === null && color === null
      ? []
      : [{ value: number, name: key, color, parent: null }];
  });
}

function jsonClass(entry: unknown, index: number): MaskClass | null {
  if (typeof entry === 'string') return { value: index, name: entry, color: null, parent: null };
  if (!isObject(entry)) return null;
  const name = entry['name'] ?? entry['label'] ?? entry['title'];
  if (typeof name !== 'string') return null;
  const value = entry['value'] ?? entry['index'] ?? entry['id'];
  const color = entry['color'];
  const parent = entry['parent'] ?? entry['supercategory'];
  return {
    value: typeof value === 'number' && Number.isInteger(value) ? value : index,
    name,
    color: colorOfText(Array.isArray(color) ? color.join(',') : String(color ?? '')),
    parent: typeof parent === 'string' && parent !== '' ? parent : null,
  };
}

/** Whether a name says that nothing is there. */
export function isBackgroundName(name: string): boolean {
  return /^_*(background|bg|unlabell?ed|void|ignored?|none|out of roi)_*$/i.test(name.trim());
}
