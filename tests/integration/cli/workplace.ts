import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';

const repository = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const launcher = repository('pixelsail');
export const tinyCheckpoint = repository('tests/fixtures/parity-small');

/**
 * A test starts the command several times, each start half a second of a free core; machines can
 * be busy.
 */
export const commandTimeoutMs = 240_000;

export interface Finished {
  /** As a shell sees it: 128 and the signal's number where one ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `./pixelsail`. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when stderr has shown the text; rejects when the command ends before. */
  seen(text: string): Promise<void>;
  readonly finished: Promise<Finished>;
}

/**
 * A temporary folder with user data of its own, a package of a tiny model with random weights, and
 * the real command.
 */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'pixel-sail-cli-'));
  readonly home = join(this.folder, 'home');
  readonly model = join(this.folder, 'tiny');
  /** Variables of the command's environment beside those of this process. */
  readonly environment: Record<string, string> = {};

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async convertModel(): Promise<void> {
    const options = { precision: 'fp32', id: 'tiny', title: 'Tiny' } as const;
    await convertCheckpoint(tinyCheckpoint, this.model, options);
  }

  start(words: readonly string[], user?: number): Running {
    const own = { PIXELSAIL_HOME: this.home, PIXELSAIL_MODEL: this.model };
    const environment = { ...process.env, ...own, ...this.environment };
    const child = spawn(launcher, words, {
      cwd: this.folder,
      env: environment,
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        // As a shell counts.
        const ended = code ?? 128 + constants.signals[signal!];
        resolve({ code: ended, stdout, stderr });
      });
    });
    const seen = (text: string) =>
      new Promise<void>((resolve, reject) => {
        child.stderr.on('data', () => stderr.includes(text) && resolve());
        void finished.then(() => reject(new Error(`It ended without "${text}":\n${stderr}`)));
      });
    return { child, seen, finished };
  }

  run(...words: string[]): Promise<Finished> {
    return this.start(words).finished;
  }

  /** Runs with `--json` and parses stdout, which must hold nothing else. */
  async json<Value>(...words: string[]): Promise<{ code: number | null; value: Value }> {
    const { code, stdout, stderr } = await this.run(...words, '--json');
    try {
      return { code, value: JSON.parse(stdout) as Value };
    } catch {
      throw new Error(`Not JSON on stdout: ${stdout}\nstderr: ${stderr}`);
    }
  }

  /** Photos (plain colours with a square) at these paths, sized 64 x 48. */
  async drawPhotos(...paths: string[]): Promise<void> {
    for (const [index, path] of paths.entries()) {
      const file = this.path(path);
      await mkdir(dirname(file), { recursive: true });
      await sharp(pixels(index), { raw: { width: 64, height: 48, channels: 3 } })
        .jpeg()
        .toFile(file);
    }
  }

  /** A file that claims to be a photo. */
  async writeBroken(path: string, content: string | Uint8Array = ''): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), content);
  }

  /** A package like the model, for a test to damage. */
  async copyModel(name: string): Promise<string> {
    const target = this.path(name);
    await mkdir(target);
    for (const file of await readdir(this.model)) {
      await copyFile(join(this.model, file), join(target, file));
    }
    return target;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function pixels(seed: number): Uint8Array {
  return Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    const [x, y] = [pixel % 64, Math.floor(pixel / 64)];
    const isSquare = x >= 16 && x < 40 && y >= 12 && y < 36;
    return (isSquare ? 200 : 60) + ((seed * 37 + (index % 3) * 20) % 50);
  });
}
