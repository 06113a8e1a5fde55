import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Family, Outcome } from './family.ts';

export interface FamilyResult {
  readonly family: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly faults: readonly { readonly seed: number; readonly fault: string }[];
  /** Of processor time, by all threads of the process. */
  readonly longestMs: number;
  readonly peakMegabytes: number;
}

/** How many inputs, from which seed on, and when one counts as never answered. */
export interface Asked {
  readonly inputs: number;
  readonly seed: number;
  /** Milliseconds of processor time: a machine that is busy with other work needs no more of it. */
  readonly hangMs?: number;
}

/** A process that waits uses no processor: so many times the limit by the clock is a hang too. */
const waitingFactor = 12;
/** How often a process is looked at while it works on an input. */
const lookMs = 50;
/** Of Linux's /proc/PID/stat, on every architecture that Node runs on. */
const millisecondsOfTick = 10;

/** Starting a process and making what its inputs share. */
const preparationMs = 120_000;
const memoryLimitMegabytes = 1500;
/** A new process now and then, so that a slow leak is not taken for one input's memory. */
const inputsOfOneProcess = 250;

/** In memory where there is such a folder: the files of an input are many and live shortly. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * Feeds damaged inputs to the program, each family's part of them in processes of its own, as many
 * families at once as there are processors. `onInput` hears what each family has come to so far.
 */
export async function fuzz(
  families: readonly Family[],
  { inputs, seed, hangMs = 10_000 }: Asked,
  onInput: (result: FamilyResult) => void = () => undefined,
): Promise<FamilyResult[]> {
  const total = families.reduce((sum, { weight }) => sum + weight, 0);
  const folder = mkdtempSync(join(scratch, 'pixel-sail-fuzz-'));
  const results: FamilyResult[] = [];
  // The longest ones first, so that none is left over at the end.
  const waiting = [...families].sort((left, right) => right.weight - left.weight);
  const feedNext = async (): Promise<void> => {
    for (let family = waiting.shift(); family; family = waiting.shift()) {
      const share = Math.max(1, Math.round((inputs * family.weight) / total));
      results.push(await fuzzFamily(family, { inputs: share, seed, hangMs, folder, onInput }));
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, feedNext));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

interface Share extends Required<Asked> {
  readonly folder: string;
  readonly onInput: (result: FamilyResult) => void;
}

async function fuzzFamily(
  { name: family }: Family,
  { inputs, seed, hangMs, folder, onInput }: Share,
): Promise<FamilyResult> {
  let result: FamilyResult = {
    ...{ family, inputs: 0, accepted: 0, faults: [], longestMs: 0, peakMegabytes: 0 },
  };
  let feeder: Feeder | null = null;
  try {
    for (let index = 0; index < inputs; index++) {
      if (!feeder || index % inputsOfOneProcess === 0) {
        feeder?.end();
        feeder = new Feeder(family, folder);
      }
      const isFirst = feeder.isNew;
      const startedMs = feeder.processorMs;
      const outcome = await feeder.feed(seed + index, isFirst ? preparationMs : hangMs);
      const tookMs = isFirst ? 0 : feeder.processorMs - startedMs;
      const { peakMegabytes } = feeder;
      const isLarge = peakMegabytes > memoryLimitMegabytes;
      const fault = outcome.fault ?? (isLarge ? `memory: ${Math.round(peakMegabytes)} MB` : null);
      result = {
        family,
        inputs: index + 1,
        accepted: result.accepted + (outcome.ended === 'accepted' ? 1 : 0),
        faults: fault ? [...result.faults, { seed: seed + index, fault }] : result.faults,
        longestMs: Math.max(result.longestMs, tookMs),
        peakMegabytes: Math.max(result.peakMegabytes, peakMegabytes),
      };
      onInput(result);
      if (!fault) continue;
      feeder.end();
      feeder = null;
    }
  } finally {
    feeder?.end();
  }
  return result;
}

/** A process that is fed one input after another. */
class Feeder {
  readonly #child: ChildProcess;
  isNew = true;

  constructor(family: string, folder: string) {
    const script = fileURLToPath(new URL('./attempt-child.ts', import.meta.url));
    this.#child = fork(script, [folder, family], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Compiling the sources is most of what a new process or thread does.
      env: { ...process.env, TMPDIR: scratch, NODE_COMPILE_CACHE: join(folder, 'compiled') },
    });
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

  /** Processor time of the process and of those that it has waited for; by the clock elsewhere. */
  get processorMs(): number {
    try {
      const text = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
      // The name of the process, in parentheses, may hold anything.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      return ticks * millisecondsOfTick;
    } catch {
      return process.platform === 'linux' ? 0 : performance.now();
    }
  }

  feed(seed: number, limitMs: number): Promise<Outcome> {
    this.isNew = false;
    const [usedMs, begunMs] = [this.processorMs, performance.now()];
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearInterval(timer);
        this.#child.off('message', settle).off('exit', died);
        resolve(outcome);
      };
      const died = (code: number | null, signal: string | null): void =>
        settle({ ended: 'refused', fault: `crash: ${signal ?? `exit ${code}`} ${this.#said}` });
      const timer = setInterval(() => {
        const workedMs = this.processorMs - usedMs;
        const passedMs = performance.now() - begunMs;
        if (workedMs < limitMs && passedMs < waitingFactor * limitMs) return;
        const took = `${workedMs / 1000} s of a processor, ${Math.round(passedMs / 1000)} s passed`;
        settle({ ended: 'refused', fault: `hang: no answer after ${took}` });
      }, lookMs);
      this.#child.on('message', settle).on('exit', died);
      this.#child.send(seed, (problem) => problem && died(this.#child.exitCode, 'gone'));
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
