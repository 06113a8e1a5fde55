import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * The Python that PIXELSAIL_PYTHON names, if it can import the modules; else null, and why is
 * printed.
 */
export function pythonWith(...modules: string[]): string | null {
  const python = process.env['PIXELSAIL_PYTHON'];
  const imports = `import ${modules.join(', ')}`;
  if (python && spawnSync(python, ['-c', imports]).status === 0) return python;
  console.error(
    `without Python: PIXELSAIL_PYTHON names none that can import ${modules.join(', ')}`,
  );
  return null;
}

/** A Python process that answers each line with one line. */
export class LineChild {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor(python: string, words: readonly string[]) {
    this.#child = spawn(python, words, { stdio: ['pipe', 'pipe', 'inherit'] }) as never;
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`Python ended instead of answering "${line}".`);
    return value;
  }

  end(): void {
    this.#child.stdin.end();
  }
}
