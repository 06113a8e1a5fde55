import type { Item } from '../../records.ts';

/**
 * Tags of items. A file has them as plain words (`Which cup is left of object1?`), which its
 * evaluation replaces one by one; an item of a project has them in brackets (`[object1]`).
 */

/** The names of the tags of a file in a project, without brackets, which would end a tag. */
export function bracketNames(tags: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const tag of tags) {
    const taken = new Set([...names.values(), ...tags]);
    let name = tag.replace(/[[\]]/g, '');
    for (let number = 1; name === '' || (name !== tag && taken.has(name)); number++) {
      name = `object${number}`;
    }
    names.set(tag, name);
  }
  return names;
}

/**
 * A text of a file with its tags in brackets; where one tag begins another, the longest is meant.
 * @param names what each tag of the file is called
 */
export function bracketTags(text: string, names: ReadonlyMap<string, string>): string {
  const longestFirst = [...names.keys()]
    .filter((tag) => tag !== '')
    .sort((a, b) => b.length - a.length);
  let bracketed = '';
  for (let at = 0; at < text.length;) {
    const tag = longestFirst.find((each) => text.startsWith(each, at));
    bracketed += tag === undefined ? text[at]! : `[${names.get(tag)!}]`;
    at += tag?.length ?? 1;
  }
  return bracketed;
}

/** A text of an item as a file has it. @param names what each tag is called there */
function plainTags(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/\[([^[\]]+)\]/g, (whole, tag: string) => names.get(tag) ?? whole);
}

/** The words of a referring item as a file has them. */
interface PlainWords {
  readonly question: string;
  readonly answer: string;
  /** The names of its tags in the file. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The words of an item with plain tags. A tag gets another name where readers would find it in a
 * place that it does not stand in: by chance among the other words, or as a part of another tag.
 */
export function plainWords(item: Extract<Item, { task: 'referring' }>): PlainWords {
  const tags = item.segments.map(({ tag }) => tag);
  for (const names of candidateNames(tags)) {
    const { question, answer } = item.content;
    const words = { question: plainTags(question, names), answer: plainTags(answer, names) };
    const isReadRight =
      isReadAs(words.question, question, names) && isReadAs(words.answer, answer, names);
    if (isReadRight) return { ...words, names };
  }
  throw new Error('Numbers never end.');
}

/** The tags as they are, then ever higher numbers. */
function* candidateNames(tags: readonly string[]): Generator<ReadonlyMap<string, string>> {
  yield new Map(tags.map((tag) => [tag, tag]));
  // Numbers of as many digits: none begins another.
  for (let first = 10 ** (String(tags.length).length - 1); ; first += tags.length) {
    yield new Map(tags.map((tag, index) => [tag, `object${first + index}`]));
  }
}

/** Whether programs would reorder or drop the key: numbers and `__proto__`. */
function isReorderedKey(name: string): boolean {
  return /^(\d*|__proto__)$/.test(name);
}

function isReadAs(plain: string, text: string, names: ReadonlyMap<string, string>): boolean {
  const written = [...names.values()];
  if (new Set(written).size < written.length || written.some(isReorderedKey)) return false;
  const isApart = written.every((name) =>
    written.every((each) => each === name || !each.includes(name)),
  );
  const renamed = plainTags(text, new Map([...names].map(([tag, name]) => [tag, `[${name}]`])));
  const read = bracketTags(plain, new Map(written.map((name) => [name, name])));
  return isApart && read === renamed;
}
