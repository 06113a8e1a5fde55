import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { families } from './registry.ts';

/**
 * `npm run fuzz`: damaged inputs of every family, 10,000 unless told otherwise. Prints a row for
 * each family and each fault with the seed that repeats it (`npm run fuzz -- --only FAMILY --seed
 * SEED --inputs 1`). Ends with 1 where there was a fault.
 */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});

const chosen = families.filter(({ name }) => !values.only || values.only.split(',').includes(name));
if (chosen.length === 0) {
  console.error(
    `There is no family ${values.only}; there are ${families.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const results = await fuzz(chosen, Number(values.inputs), Number(values.seed));
console.table(
  results.map(({ family, inputs, accepted, faults, longestMs, peakMegabytes }) => ({
    family,
    inputs,
    accepted,
    refused: inputs - accepted,
    faults: faults.length,
    'longest ms': Math.round(longestMs),
    'peak MB': Math.round(peakMegabytes),
  })),
);
for (const { family, faults } of results) {
  for (const { seed, fault } of faults) console.log(`${family}, seed ${seed}: ${fault}`);
}
process.exitCode = results.some(({ faults }) => faults.length > 0) ? 1 : 0;
