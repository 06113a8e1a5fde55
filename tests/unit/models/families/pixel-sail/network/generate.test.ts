import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../../../../models/families/pixel-sail/config.ts';
import {
  generate,
  type Generated,
} from '../../../../../../models/families/pixel-sail/network/generate.ts';
import type { Past } from '../../../../../../models/families/pixel-sail/network/network.ts';
import { greedyChoice } from '../../../../../../models/families/pixel-sail/network/sampling.ts';

const vocabulary = 10;
const seg = 7;
const stop = 9;

/**
 * Answers with the given tokens, whatever it reads. The hidden state of each token is its place in
 * what was read, so that it can be recognised.
 */
function scriptedNetwork(script: readonly number[]) {
  const reads: number[][] = [];
  const ends: number[][] = [];
  const statesOf = (ids: readonly number[], past: Past) =>
    Float32Array.from(ids, (_, index) => past.length + index);
  return {
    reads,
    ends,
    config: { hidden_size: 1 } as ModelConfig,
    readText(ids: readonly number[], past: Past) {
      const logits = new Float32Array(vocabulary);
      logits[script[reads.length]!] = 1;
      reads.push([...ids]);
      const hidden = statesOf(ids, past);
      const length = past.length + ids.length;
      return Promise.resolve({
        hidden,
        logits,
        past: { tensors: {}, length, nextPosition: length },
      });
    },
    readEnd(ids: readonly number[], past: Past) {
      ends.push([...ids]);
      return Promise.resolve(statesOf(ids, past));
    },
  };
}

async function run(
  script: readonly number[],
  prompt: readonly number[],
  maximumTokens = 20,
  signal?: AbortSignal,
): Promise<Generated & { yielded: number[]; reads: number[][]; ends: number[][] }> {
  const network = scriptedNetwork(script);
  const past = { tensors: {}, length: 100, nextPosition: 12 };
  const options = {
    next: (logits: Float32Array) => [greedyChoice(logits)],
    stopIds: new Set([stop]),
    maximumTokens,
    segId: seg,
    signal,
  };
  const { value, yielded } = await drain(generate(network, past, prompt, options));
  return { ...value, yielded, reads: network.reads, ends: network.ends };
}

async function drain(
  tokens: AsyncGenerator<number, Generated>,
): Promise<{ value: Generated; yielded: number[] }> {
  const yielded: number[] = [];
  for (;;) {
    const next = await tokens.next();
    if (next.done) return { value: next.value, yielded };
    yielded.push(next.value);
  }
}

describe('generate', () => {
  it('reads a long prompt piece by piece and finds every [SEG] in it', async () => {
    const prompt = Array.from({ length: 600 }, (_, index) => (index % 300 === 299 ? seg : 1));
    const { reads, segPositions, segStates, ids } = await run([1, 1, stop], prompt);
    expect(reads.map(({ length }) => length)).toEqual([256, 256, 88]);
    expect(reads.flat()).toEqual(prompt);
    expect(segPositions).toEqual([299, 599]);
    expect(segStates.map(([place]) => place)).toEqual([100 + 299, 100 + 599]);
    expect(ids).toEqual([stop]);
  });

  it('reads the prompt in one go, then token by token until a stop token', async () => {
    const { ids, yielded, reads } = await run([3, 4, stop, 5], [1, 2]);
    expect(ids).toEqual([3, 4, stop]);
    expect(yielded).toEqual(ids);
    expect(reads).toEqual([[1, 2], [3], [4]]);
  });

  it('reads tokens that are chosen together in one go, and no more than the limit', async () => {
    const network = scriptedNetwork([3, 4, 5]);
    const past = { tensors: {}, length: 100, nextPosition: 12 };
    const together = [[3, seg, 4], [stop]];
    const options = {
      next: () => together.shift()!,
      stopIds: new Set([stop]),
      maximumTokens: 20,
      segId: seg,
    };
    const { value, yielded } = await drain(generate(network, past, [1, 2], options));
    expect([value.ids, yielded]).toEqual([
      [3, seg, 4, stop],
      [3, seg, 4, stop],
    ]);
    expect(network.reads).toEqual([
      [1, 2],
      [3, seg, 4],
    ]);
    expect(value.segPositions).toEqual([3]);

    const short = { ...options, next: () => [3, 4, 5], maximumTokens: 2 };
    expect((await drain(generate(network, past, [1], short))).value.ids).toEqual([3, 4]);
  });

  it('stops at the limit', async () => {
    expect((await run([3, 4, 5, 6], [1], 2)).ids).toEqual([3, 4]);
  });

  it('only reads when no token may be generated', async () => {
    const { ids, reads, ends, segPositions } = await run([3], [1, seg, 2], 0);
    expect({ ids, reads, ends, segPositions }).toEqual({
      ids: [],
      reads: [],
      ends: [[1, seg, 2]],
      segPositions: [1],
    });
  });

  it('reads the last piece of a long prompt as the end when no token may be generated', async () => {
    const prompt = Array.from({ length: 512 }, (_, index) => (index % 256 === 255 ? seg : 1));
    const { reads, ends, segPositions, segStates } = await run([1], prompt, 0);
    expect([reads, ends].map((pieces) => pieces.map(({ length }) => length))).toEqual([
      [256],
      [256],
    ]);
    expect([...reads, ...ends].flat()).toEqual(prompt);
    expect(segPositions).toEqual([255, 511]);
    expect(segStates.map(([place]) => place)).toEqual([100 + 255, 100 + 511]);
  });

  it('returns the state of every [SEG] that was read, those of the prompt included', async () => {
    const { segStates, segPositions } = await run([4, seg, 5, stop], [seg, 1, seg]);
    expect(segPositions).toEqual([0, 2, 4]);
    expect(segStates.map(([state]) => state)).toEqual([100, 102, 104]);
  });

  it('never uses the state of the last generated token', async () => {
    expect((await run([4, seg], [1], 2)).segPositions).toEqual([]);
  });

  it('stops between two tokens when it is aborted', async () => {
    const abort = new AbortController();
    const network = scriptedNetwork([3, 4, 5]);
    const past = { tensors: {}, length: 0, nextPosition: 0 };
    const options = {
      next: (logits: Float32Array) => [greedyChoice(logits)],
      stopIds: new Set<number>(),
      maximumTokens: 9,
      segId: seg,
    };
    const tokens = generate(network, past, [1], { ...options, signal: abort.signal });
    await tokens.next();
    abort.abort();
    await expect(tokens.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect(network.reads).toHaveLength(1);
  });
});
