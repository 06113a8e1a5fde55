import { throwIfCancelled } from '../../../cancellation.ts';
import type { Network, ReadText } from './network.ts';

/**
 * Mean log-probability of the tokens of each continuation (none empty) of what was read: how well
 * an answer fits, whatever its length. Continuations that begin alike share their beginning, so
 * each token is read once.
 * @throws AppError `cancelled` when the signal aborts between two tokens.
 */
export async function meanLogProbabilities(
  network: Pick<Network, 'readText'>,
  read: Pick<ReadText, 'logits' | 'past'>,
  continuations: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<number[]> {
  const sums = continuations.map(() => 0);
  await addLogProbabilities(
    network,
    read,
    continuations.map((tokens, index) => ({ tokens, index })),
    sums,
    signal,
  );
  return sums.map((sum, index) => sum / continuations[index]!.length);
}

interface Rest {
  readonly tokens: readonly number[];
  readonly index: number;
}

async function addLogProbabilities(
  network: Pick<Network, 'readText'>,
  { logits, past }: Pick<ReadText, 'logits' | 'past'>,
  rests: readonly Rest[],
  sums: number[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const total = logSumExp(logits);
  for (const [token, group] of Map.groupBy(rests, ({ tokens }) => tokens[0]!)) {
    for (const { index } of group) sums[index] = sums[index]! + logits[token]! - total;
    const longer = group.filter(({ tokens }) => tokens.length > 1);
    if (longer.length === 0) continue;
    throwIfCancelled(signal);
    const next = await network.readText([token], past);
    const after = longer.map(({ tokens, index }) => ({ tokens: tokens.slice(1), index }));
    await addLogProbabilities(network, next, after, sums, signal);
  }
}

/** Of one token, from the scores of all: 0 to 1. */
export function tokenProbability(logits: Float32Array, token: number): number {
  return Math.exp(logits[token]! - logSumExp(logits));
}

function logSumExp(values: Float32Array): number {
  let highest = -Infinity;
  for (const value of values) highest = Math.max(highest, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}
