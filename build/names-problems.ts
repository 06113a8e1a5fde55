import { basename, dirname } from 'node:path';

const maximumCommentColumns = 100;

/** Names that say nothing of what a file or a class is for. */
const emptyWords = new Set(['util', 'utils', 'helper', 'helpers', 'manager', 'common', 'misc']);

/** A free relative clause at the start of a comment; the subject is to be a noun. */
const freeRelative = /^\s*(?:\/\*\*|\/\/|<!--) (What|Whoever|Whatever) /;

const kebabCase = /^[a-z0-9]+(-[A-Za-z0-9]+)*(\.(svelte|test|config))*\.ts$/;
const pascalCase = /^([A-Z][a-z0-9]*)+\.svelte$/;

/**
 * Violations of the project's naming rules in a source file.
 * @param file path relative to the repository, `/` separators
 * @returns one line for each problem: `FILE:LINE: what was found and what is expected`
 */
export function namesProblems(file: string, text: string): string[] {
  const found = fileNameProblems(file).map((what) => `${file}:1: ${what}`);
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
  const word = continues ? undefined : freeRelative.exec(begins)?.[1];
  return word === undefined ? [] : [`a comment begins with "${word}"; name the subject`];
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
  const declared = /\b(?:class|interface|type|function|const|let) (\w+)/.exec(line)?.[1] ?? '';
  const ending = /[a-z](Utils?|Helpers?|Manager)$/.exec(declared)?.[1];
  if (ending) problems.push(`"${declared}": "${ending}" does not say what it is for`);
  return problems;
}
