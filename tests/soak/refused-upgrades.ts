import { parseArgs } from 'node:util';
import { startAttackedServer } from '../support/attacked-server.ts';

// `npm exec -- node tests/soak/refused-upgrades.ts [--count 20000] [--at-once 16]`: strangers who
// are refused, who reset the connection in the middle and who keep their half of it open, one
// after the other, against the browser host's server. Prints what it cost, and fails when the
// server is gone or keeps what they left.

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    'at-once': { type: 'string', default: '16' },
  },
});
const count = Number(values.count);
const keptBytesLimit = 5e6;

const server = await startAttackedServer();
await server.attack(500, 16);
const before = await server.memory();
const startedAtMs = performance.now();
await server.attack(count, Number(values['at-once']));
const seconds = (performance.now() - startedAtMs) / 1000;
const isThere = await server.answers();
const kept = isThere ? (await server.memory()) - before : NaN;
await server.stop();
console.log(
  `${count} hostile connections in ${seconds.toFixed(1)} s; the server ${isThere ? 'answers' : 'is GONE'}; ` +
    `memory ${(before / 1e6).toFixed(0)} MB before, ${(kept / 1e6).toFixed(1)} MB more after`,
);
process.exit(isThere && kept < keptBytesLimit ? 0 : 1);
