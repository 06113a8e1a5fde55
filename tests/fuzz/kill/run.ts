import { parseArgs } from 'node:util';
import { operations } from './operations.ts';
import { killRounds } from './rounds.ts';

/**
 * `npm run fuzz:kill`: kills a process in each operation at random moments, 200 rounds in all
 * unless told otherwise.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const chosen = operations.filter((name) => !values.only || values.only.split(',').includes(name));
const each = Math.ceil(Number(values.rounds) / chosen.length);
const results = await killRounds(chosen, each, Number(values.seed));
console.table(results.map(({ losses, ...result }) => ({ ...result, losses: losses.length })));
for (const { operation, losses } of results) {
  for (const loss of losses) console.log(`${operation}, ${loss}`);
}
process.exitCode = results.some(({ losses }) => losses.length > 0) ? 1 : 0;
