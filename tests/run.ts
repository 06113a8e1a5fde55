import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * `npm test`: the static checks, the build, every vitest suite and the training code's ruff and
 * pytest where an interpreter with torch is named. Ends with one line
 * `N passed, N failed, N skipped`.
 */
const scratch = mkdtempSync(path.join(tmpdir(), 'pixel-sail-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

await countCommand('npm', ['run', '--silent', 'check']);
await countCommand('npm', ['run', '--silent', 'build']);
await countVitest();
await countTrainingCode();

rmSync(scratch, { recursive: true, force: true });
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

/** A step that passes or fails as a whole. */
async function countCommand(command: string, args: string[]): Promise<void> {
  console.log(`\n> ${command} ${args.join(' ')}`);
  if ((await run(command, args)) === 0) totals.passed++;
  else totals.failed++;
}

async function countVitest(): Promise<void> {
  const report = path.join(scratch, 'vitest.json');
  const code = await run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const result = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as {
        numPassedTests: number;
        numFailedTests: number;
        numPendingTests: number;
        numTodoTests: number;
      })
    : null;
  totals.passed += result?.numPassedTests ?? 0;
  totals.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  // A suite that cannot be collected fails the run without a failed test of its own.
  totals.failed += Math.max(result?.numFailedTests ?? 0, code === 0 ? 0 : 1);
}

/**
 * Lint and tests of models/training; PIXELSAIL_PYTHON names an interpreter that has its
 * requirements.
 */
async function countTrainingCode(): Promise<void> {
  const python = process.env['PIXELSAIL_PYTHON'];
  if (!python || (await run(python, ['-c', 'import torch, pytest'], 'ignore')) !== 0) {
    console.log('skipped models/training: PIXELSAIL_PYTHON names no Python with torch and pytest');
    totals.skipped++;
    return;
  }
  await countCommand(python, ['-m', 'ruff', 'check', 'models/training']);
  const report = path.join(scratch, 'pytest.xml');
  const code = await run(python, [
    '-m',
    'pytest',
    '-q',
    'models/training/tests',
    `--junitxml=${report}`,
  ]);
  const counts = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const count = (name: string): number =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(counts)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  totals.failed += Math.max(failed, code === 0 ? 0 : 1);
  totals.skipped += count('skipped');
  totals.passed += count('tests') - failed - count('skipped');
}

function run(
  command: string,
  args: string[],
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', output, output] });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
