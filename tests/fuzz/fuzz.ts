import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Family, Outcome } from './family.ts';

export interface FamilyResult {
  readonly family: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly faults: readonly { readonly seed: number; readonly fault: string }[];
  readonly longestMs: number;
  readonly peakMegabytes: number;
}

const hangMs = 10_000;
/** Starting a process and making what its inputs share. */
const preparationMs = 60_000;
const memoryLimitMegabytes = 1500;
/** A new process now and then, so that a slow leak is not taken for one input's memory. */
const inputsOfOneProcess = 250;

/** Feeds damaged inputs to the program, each family's part of them in processes of its own. */
export async function fuzz(
  families: readonly Family[],
  inputs: number,
  seed: number,
): Promise<FamilyResult[]> {
  const total = families.reduce((sum, { weight }) => sum + weight, 0);
  const results: FamilyResult[] = [];
  for (const family of families) {
    const share = Math.max(1, Math.round((inputs * family.weight) / total));
    results.push(await fuzzFamily(family, share, seed));
  }
  return results;
}

async function fuzzFamily(family: Family, inputs: number, seed: number): Promise<FamilyResult> {
  const folder = mkdtempSync(join(tmpdir(), 'pixel-sail-fuzz-'));
  const faults: { seed: number; fault: string }[] = [];
  let [accepted, longestMs, peakMegabytes] = [0, 0, 0];
  let feeder: Feeder | null = null;
  try {
    for (let index = 0; index < inputs; index++) {
      if (!feeder || index % inputsOfOneProcess === 0) {
        feeder?.end();
        feeder = new Feeder(family.name, folder);
      }
      const started = performance.now();
      const isFirst = index % inputsOfOneProcess === 0 || feeder.isNew;
      const outcome = await feeder.feed(seed + index, isFirst ? preparationMs : hangMs);
      if (!isFirst) longestMs = Math.max(longestMs, performance.now() - started);
      peakMegabytes = Math.max(peakMegabytes, feeder.peakMegabytes);
      const fault =
        outcome.fault ??
        (feeder.peakMegabytes > memoryLimitMegabytes
          ? `memory: ${Math.round(feeder.peakMegabytes)} MB`
          : null);
      if (fault) {
        faults.push({ seed: seed + index, fault });
        feeder.end();
        feeder = null;
      }
      if (outcome.ended === 'accepted') accepted++;
    }
  } finally {
    feeder?.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return { family: family.name, inputs, accepted, faults, longestMs, peakMegabytes };
}

/** A process that is fed one input after another. */
class Feeder {
  readonly #child: ChildProcess;
  isNew = true;

  constructor(family: string, folder: string) {
    const script = fileURLToPath(new URL('./attempt-child.ts', import.meta.url));
    this.#child = fork(script, [folder, family], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child
      .stderr!.setEncoding('utf8')
      .on('data', (text: string) => (this.#said = (this.#said + text).slice(-600)));
    this.#child.on('error', () => undefined);
  }

  #said = '';

  /**
   * The most memory that the process has had, from Linux's /proc; 0 elsewhere or when it is gone.
   */
  get peakMegabytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }

  feed(seed: number, limitMs: number): Promise<Outcome> {
    this.isNew = false;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.#child.off('message', settle).off('exit', died);
        resolve(outcome);
      };
      const died = (code: number | null, signal: string | null): void =>
        settle({ ended: 'refused', fault: `crash: ${signal ?? `exit ${code}`} ${this.#said}` });
      const timer = setTimeout(
        () => settle({ ended: 'refused', fault: `hang: no answer in ${limitMs / 1000} s` }),
        limitMs,
      );
      this.#child.on('message', settle).on('exit', died);
      this.#child.send(seed, (problem) => problem && died(this.#child.exitCode, 'gone'));
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
