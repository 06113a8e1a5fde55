import { describe, expect, it } from 'vitest';
import { meanLogProbabilities } from '../../../../../../models/families/pixel-sail/network/likelihood.ts';
import type {
  Past,
  ReadText,
} from '../../../../../../models/families/pixel-sail/network/network.ts';

const nothing: Past = { tensors: {}, length: 0, nextPosition: 0 };

/** Finds the next number likely, by the given odds, whatever came before. */
function countingNetwork(odds: number) {
  const reads: number[] = [];
  const after = (token: number): ReadText => {
    const logits = new Float32Array(6);
    logits[(token + 1) % 6] = Math.log(odds);
    return { logits, past: nothing, hidden: new Float32Array() };
  };
  const readText = ([token]: readonly number[]) => {
    reads.push(token!);
    return Promise.resolve(after(token!));
  };
  return { reads, after, network: { readText } };
}

describe('the likelihood of continuations', () => {
  it('is the mean log-probability of their tokens', async () => {
    const { network, after } = countingNetwork(5);
    const [counted, other, short] = await meanLogProbabilities(network, after(0), [
      [1, 2, 3],
      [1, 5, 0],
      [4],
    ]);
    expect(counted).toBeCloseTo(Math.log(0.5));
    expect(other).toBeCloseTo((2 * Math.log(0.5) + Math.log(0.1)) / 3);
    expect(short).toBeCloseTo(Math.log(0.1));
  });

  it('reads what continuations share once, and their last tokens never', async () => {
    const { network, reads, after } = countingNetwork(5);
    await meanLogProbabilities(network, after(0), [
      [1, 2, 3],
      [1, 2, 4],
      [1, 2],
      [5, 3],
    ]);
    expect(reads).toEqual([1, 2, 5]);
  });

  it('stays finite where logits are large', async () => {
    const { network, after } = countingNetwork(5);
    const { logits } = after(0);
    const raised = { past: nothing, logits: logits.map((logit) => logit + 3000) };
    const [likely] = await meanLogProbabilities(network, raised, [[1]]);
    expect(likely).toBeCloseTo(Math.log(0.5), 3);
  });
});
