import { basename, dirname } from 'node:path';

const maximumCommentColumns = 100;

/** Names that say nothing of what a file or a class is for. */
const emptyWords = new Set(['util', 'utils', 'helper', 'helpers', 'manager', 'common', 'misc']);

/** Words cut short; names have them whole, as the field writes them. */
const cutWords = new Map(
  Object.entries({
    acc: 'sum',
    anno: 'annotation',
    anns: 'annotations',
    arr: 'array',
    attr: 'attribute',
    attrs: 'attributes',
    btn: 'button',
    buf: 'buffer',
    calc: 'compute',
    cb: 'callback',
    cfg: 'config',
    cnt: 'count',
    ctx: 'context',
    curr: 'current',
    def: 'definition',
    desc: 'description',
    dest: 'target',
    dir: 'folder',
    dst: 'target',
    el: 'element',
    elem: 'element',
    env: 'environment',
    err: 'error',
    evt: 'event',
    fn: 'the name of what it does',
    idx: 'index',
    img: 'image',
    impl: 'the name of what it does',
    lang: 'language',
    len: 'length',
    msg: 'message',
    num: 'number',
    obj: 'object',
    opts: 'options',
    params: 'parameters',
    pos: 'position',
    prev: 'previous',
    ptr: 'pointer',
    req: 'request',
    src: 'source',
    str: 'text',
    temp: 'temporary',
    tmp: 'temporary',
    val: 'value',
  }),
);

/** The content that a file must hold by its place and name. */
const roles: readonly [place: RegExp, held: (name: string) => RegExp, what: string][] = [
  [/sentences\.ts$/, () => /\bsentenceSet\b/, 'a sentenceSet'],
  [
    /^app\/jobs\/kinds\/[^/]+\.ts$/,
    (name) => new RegExp(`\\bid: '${name}'`),
    'a job kind whose id is the name of the file',
  ],
  [/^app\/features\/[^/]+\/handlers\.ts$/, () => /\bHandlersOf</, 'the handlers of a contract'],
  [
    /^cli\/commands\/[^/]+\.ts$/,
    () => /^export function add\w+Commands?\(/m,
    'a function add…Command',
  ],
  [/^core\/formats\/[^/]+\/format\.ts$/, () => /\bDatasetFormat\b/, 'a DatasetFormat'],
  [/^db\/migrations\/\d{4}-[^/]+\.ts$/, () => /\bMigration\b/, 'a Migration'],
  [
    /\.svelte\.ts$/,
    () => /\$(state|derived|effect)\b|\bsvelte\/reactivity\b/,
    'state of Svelte; without any the file is a plain .ts',
  ],
  [/\.test\.ts$/, () => /\b(test|it)\b/, 'tests'],
];

/** Free relative clauses at the start of a comment or sentence; the subject is to be a noun. */
const freeRelative = /^\s*(?:\/\*\*|\/\/|<!--) (What|Whoever|Whatever) /;
const laterRelative = /^\s*(?:\/\*\*|\*|\/\/|<!--) .*\. (What|Whoever|Whatever) /;

const kebabCase = /^[a-z0-9]+(-[A-Za-z0-9]+)*(\.(svelte|test|config))*\.ts$/;
const pascalCase = /^([A-Z][a-z0-9]*)+\.svelte$/;

/**
 * Violations of the project's naming rules in a source file.
 * @param file path relative to the repository, `/` separators
 * @returns one line for each problem: `FILE:LINE: what was found and what is expected`
 */
export function namesProblems(file: string, text: string): string[] {
  const found = [...fileNameProblems(file), ...roleProblems(file, text)].map(
    (what) => `${file}:1: ${what}`,
  );
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const problems = [
      ...lineProblems(file, line),
      ...commentProblems(lines[index - 1] ?? '', line),
    ];
    for (const what of problems) found.push(`${file}:${index + 1}: ${what}`);
  }
  return found;
}

/** @param before the line above, in which a comment may have begun */
function commentProblems(before: string, line: string): string[] {
  const continues = /^\s*\/\//.test(before) && /^\s*\/\//.test(line);
  const begins = /^\s*\/\*\*$/.test(before) ? line.replace(/^\s*\*/, '/**') : line;
  const word = (continues ? null : freeRelative.exec(begins))?.[1] ?? laterRelative.exec(line)?.[1];
  if (/\bwhoever\b/i.test(subjectText(line)) && word === undefined) {
    return ['"whoever" in a comment or a test title; name the person or the part'];
  }
  return word === undefined ? [] : [`a comment begins with "${word}"; name the subject`];
}

/** The prose of a line: a comment, or the title of a test; empty for other lines. */
function subjectText(line: string): string {
  const isProse = /^\s*(?:\/\*\*|\*|\/\/|<!--)|^\s*(?:test|it|describe)\(/.test(line);
  return isProse ? line : '';
}

function fileNameProblems(file: string): string[] {
  const name = basename(file);
  const problems: string[] = [];
  const isComponent = name.endsWith('.svelte');
  if (!(isComponent ? pascalCase : kebabCase).test(name)) {
    problems.push(`the file name is to be ${isComponent ? 'PascalCase' : 'kebab-case'}`);
  }
  if (name === 'index.ts') problems.push('a barrel file; import each file by its own name');
  const words = `${dirname(file)}/${name.split('.')[0]}`.split(/[/-]/);
  const empty = words.find((word) => emptyWords.has(word.toLowerCase()));
  if (empty) problems.push(`"${empty}" does not say what the file is for`);
  return problems;
}

function roleProblems(file: string, text: string): string[] {
  const [name = ''] = basename(file).split('.');
  const missing = roles.flatMap(([place, held, what]) =>
    place.test(file) && !held(name).test(text) ? [`a file of this name holds ${what}`] : [],
  );
  const isTestElsewhere = file.endsWith('.test.ts') && !file.startsWith('tests/');
  return isTestElsewhere ? [...missing, 'tests lie in tests/'] : missing;
}

function lineProblems(file: string, line: string): string[] {
  const problems: string[] = [];
  const columns = [...line].length;
  if (/^\s*(\/\/|\/?\*|<!--)/.test(line) && columns > maximumCommentColumns) {
    problems.push(`a comment of ${columns} columns; at most ${maximumCommentColumns}`);
  }
  if (
    /^export default\b/.test(line) &&
    !/^([a-z]+\.config|docs\/site\/\.vitepress\/config)\.ts$/.test(file)
  ) {
    problems.push('a default export; give it a name');
  }
  if (/^export \* /.test(line)) problems.push('"export *"; import each file by its own name');
  const declared =
    /\b(?:class|interface|type|function|const|let|catch) \(?(\w+)/.exec(line)?.[1] ?? '';
  for (const word of wordsOf(declared)) {
    const whole = cutWords.get(word);
    if (whole) problems.push(`"${declared}": "${word}" is cut short; write ${whole}`);
  }
  const ending = /[a-z](Utils?|Helpers?|Manager)$/.exec(declared)?.[1];
  if (ending) problems.push(`"${declared}": "${ending}" does not say what it is for`);
  return problems;
}

/** The words of a name in camelCase or PascalCase, in lower case. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());
}
