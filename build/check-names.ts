import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { namesProblems } from './names-problems.ts';

// `npm run check:names`: names and comments of every source file in git.

const files = execFileSync('git', ['ls-files', '*.ts', '*.svelte'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !isMade(file));

function isMade(file: string): boolean {
  return file.startsWith('tests/fixtures/') || basename(file).endsWith('.d.ts');
}

const problems = files.flatMap((file) => namesProblems(file, readFileSync(file, 'utf8')));
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} problems with names and comments.`);
process.exitCode = problems.length === 0 ? 0 : 1;
