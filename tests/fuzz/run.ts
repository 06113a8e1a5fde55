import { parseArgs } from 'node:util';
import { fuzz, type FamilyResult } from './fuzz.ts';
import { families } from './registry.ts';

/**
 * `npm run fuzz`: damaged inputs of every family, 10,000 unless told otherwise. Prints how far it
 * is, each fault with the seed that repeats it (`npm run fuzz -- --only FAMILY --seed SEED
 * --inputs 1`), and at the end a row for each family. An answer that takes more than `--limit`
 * seconds of a processor is a fault, and so is one that is waited for twelve times as long. Ends
 * with 1 where there was a fault.
 */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    limit: { type: 'string', default: '10' },
  },
});

const chosen = families.filter(({ name }) => !values.only || values.only.split(',').includes(name));
if (chosen.length === 0) {
  console.error(
    `There is no family ${values.only}; there are ${families.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const shownEveryMs = 10_000;
const soFar = new Map<string, FamilyResult>();
const startedMs = performance.now();
let shownMs = startedMs;
const asked = {
  inputs: Number(values.inputs),
  seed: Number(values.seed),
  hangMs: Number(values.limit) * 1000,
};
const results = await fuzz(chosen, asked, (result) => {
  const { family, faults } = result;
  if (faults.length > (soFar.get(family)?.faults.length ?? 0)) {
    const { seed, fault } = faults.at(-1)!;
    console.log(`${family}, seed ${seed}: ${fault}`);
  }
  soFar.set(family, result);
  if (performance.now() - shownMs < shownEveryMs) return;
  shownMs = performance.now();
  const sum = (count: (of: FamilyResult) => number): number =>
    [...soFar.values()].reduce((total, of) => total + count(of), 0);
  const [fed, accepted] = [sum((of) => of.inputs), sum((of) => of.accepted)];
  const seconds = Math.round((shownMs - startedMs) / 1000);
  console.log(
    `${seconds} s: ${fed} inputs, ${accepted} accepted, ${sum((of) => of.faults.length)} faults`,
  );
});
console.table(
  results.map(({ family, inputs, accepted, faults, longestMs, peakMegabytes }) => ({
    family,
    inputs,
    accepted,
    refused: inputs - accepted,
    faults: faults.length,
    'longest processor ms': Math.round(longestMs),
    'peak MB': Math.round(peakMegabytes),
  })),
);
process.exitCode = results.some(({ faults }) => faults.length > 0) ? 1 : 0;
