import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Mutator } from './mutator.ts';
import { families } from './registry.ts';
import type { Attempt } from './family.ts';

// One process that feeds damaged inputs to the program. Arguments: folder, family. For each seed
// it is sent it answers with the outcome; its parent watches time, memory and death.

const [folder, name] = process.argv.slice(2) as [string, string];
const family = families.find((candidate) => candidate.name === name)!;
const shared = mkdtempSync(join(folder, 'shared-'));
const prepared: Promise<Attempt> = family.prepare(shared);

process.on('message', (seed: number) => void attempt(seed));
process.on('disconnect', () => process.exit());

async function attempt(seed: number): Promise<void> {
  const own = join(folder, `input-${process.pid}-${seed}`);
  mkdirSync(own);
  try {
    process.send!(await (await prepared)(new Mutator(seed), own));
  } catch (thrown) {
    const fault = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.send!({ ended: 'refused', fault: `thrown: ${fault}` });
  }
  rmSync(own, { recursive: true, force: true });
}
