import { isMap, isScalar, parseDocument, stringify, type YAMLMap } from 'yaml';
import type { Split } from '../../records.ts';
import { ClaimedNames } from '../claimed-names.ts';
import { splitFolders } from '../split-folders.ts';

/** The content of a `data.yaml`: classes, and the images of each split. */
export interface DataYaml {
  /** By their numbers; gaps have no name. Null where there are none. */
  readonly names: readonly (string | undefined)[] | null;
  /** The names of numbers that have several; such a number has no name in `names`. */
  readonly shared: ReadonlyMap<number, readonly string[]>;
  /** Keys that are given several times with different values, none of which is used. */
  readonly doubled: readonly string[];
  /** Folders and lists as they are written, after `path` where it has one. */
  readonly sources: readonly {
    readonly key: string;
    readonly split: Split;
    readonly found: string;
  }[];
  /** Numbers that a row has after its box, of pose datasets; 0 for others. */
  readonly keypointColumns: number;
}

const splitKeys: readonly (readonly [key: string, split: Split])[] = [
  ['train', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
];

/** @throws Error for what is not YAML, or holds no keys. */
export function parseDataYaml(text: string): DataYaml {
  const document = parseDocument(text, { uniqueKeys: false });
  const [error] = document.errors;
  if (error) throw error;
  if (!isMap(document.contents)) throw new Error('it holds no keys');
  const doubled = doubledKeys(document.contents);
  const { contents } = document;
  contents.items = contents.items.filter(({ key }) => !doubled.includes(textOf(key)));
  const card = document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>;
  const root = typeof card['path'] === 'string' ? card['path'] : '';
  return {
    ...(namesAsWritten(contents) ?? { names: numberedNames(card['nc']), shared: noNumber }),
    doubled,
    sources: splitKeys.flatMap(([key, split]) =>
      listOf(card[key]).map((found) => ({ key, split, found: joined(root, found) })),
    ),
    keypointColumns: productOf(card['kpt_shape']),
  };
}

const noNumber: DataYaml['shared'] = new Map();

/** Names that are given twice are told apart by their numbers. */
function doubledKeys({ items }: YAMLMap): string[] {
  const values = new Map<string, Set<string>>();
  for (const { key, value } of items) {
    const name = textOf(key);
    values.set(name, (values.get(name) ?? new Set()).add(String(value)));
  }
  return [...values].flatMap(([name, { size }]) => (size > 1 && name !== 'names' ? [name] : []));
}

/** The names as they are written, for `yes` and `0x10` are names too. */
function namesAsWritten(contents: YAMLMap): Pick<DataYaml, 'names' | 'shared'> | null {
  const claimed = new ClaimedNames<number>();
  const names: (string | undefined)[] = [];
  let isGiven = false;
  for (const { key, value } of contents.items) {
    const items = (value as { items?: unknown[] } | null)?.items;
    if (textOf(key) !== 'names' || !items) continue;
    isGiven = true;
    const entries = isMap(value)
      ? value.items.map((entry) => [Number(textOf(entry.key)), textOf(entry.value)] as const)
      : items.map((item, number) => [number, textOf(item)] as const);
    for (const [number, name] of entries) {
      if (!(Number.isInteger(number) && number >= 0 && number < mostClasses)) continue;
      names[number] = name;
      claimed.add(number, name);
    }
  }
  if (!isGiven) return null;
  const shared = new Map<number, readonly string[]>();
  for (const number of names.keys()) {
    const several = claimed.sharedBy(number);
    if (several === null) continue;
    shared.set(number, several);
    names[number] = undefined;
  }
  return { names, shared };
}

const mostClasses = 100_000;

function textOf(node: unknown): string {
  if (!isScalar(node)) return String(node);
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/** Names of unnamed classes in Darknet and datumaro. */
function numberedNames(count: unknown): string[] | null {
  if (!(Number.isInteger(count) && Number(count) > 0 && Number(count) <= mostClasses)) return null;
  return Array.from({ length: Number(count) }, (_, index) => numberedName(index));
}

/** The name of a class of which only the number is known. */
export function numberedName(index: number): string {
  return `class_${index}`;
}

function listOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((entry) => typeof entry === 'string' && entry !== '') as string[];
}

function joined(root: string, path: string): string {
  return root === '' || root === '.' || path.startsWith('/') ? path : `${root}/${path}`;
}

function productOf(shape: unknown): number {
  if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side) && side > 0)) return 0;
  return (shape as number[]).reduce((product, side) => product * side, 1);
}

/** Where images without split lie. */
export const unsplitFolder = 'unsplit';

/**
 * The text of a `data.yaml` that ultralytics and Roboflow read: without `path`, so that folders
 * count from the file. ultralytics wants both `train` and `val`, so one stands for the other where
 * a split is missing.
 * @param splits those that have images
 */
export function dataYamlText(
  project: string,
  names: readonly string[],
  splits: ReadonlySet<Split>,
): string {
  const folder = (...wanted: Split[]): string => {
    const split = wanted.find((candidate) => splits.has(candidate));
    return `images/${split ? splitFolders[split] : unsplitFolder}`;
  };
  const card = {
    train: folder('train', 'validation', 'test'),
    val: folder('validation', 'train', 'test'),
    ...(splits.has('test') && { test: folder('test') }),
    nc: names.length,
    names,
  };
  // YAML 1.1, which PyYAML reads, takes a bare `no` for false; names are quoted where it would.
  const comment = `# ${project.replaceAll(/[\r\n]+/g, ' ')}, from Pixel-SAIL Studio\n`;
  return comment + stringify(card, { version: '1.1', lineWidth: 0 });
}
