import { describe, expect, it } from 'vitest';
import type { ModelAnswer } from '../../../../../../core/prompt.ts';
import type { View } from '../../../../../../models/families/pixel-sail/processor/view.ts';
import type {
  AnswerContext,
  PassRunner,
} from '../../../../../../models/families/pixel-sail/answer/passes.ts';
import { segmentName } from '../../../../../../models/families/pixel-sail/answer/segment-name.ts';
import { Stopwatch } from '../../../../../../models/answer/stopwatch.ts';
import { tinyConfig } from '../../../../../support/tiny-config.ts';

const image = { key: 'x', width: 64, height: 64, pixels: new Uint8Array(64 * 64 * 3) };
const config = tinyConfig({ whole_side: 64 });

/** By how much the first word affirms a name, and the logits of its mask, sure or hardly so. */
const names: Record<string, { affirmed: number; inside: number }> = {
  bear: { affirmed: 4, inside: 8 },
  dog: { affirmed: 1, inside: 8 },
  'stop sign': { affirmed: 1, inside: 0.1 },
  zebra: { affirmed: -9, inside: 8 },
};

function runnerOf(): { runner: PassRunner; read: string[] } {
  const read: string[] = [];
  const runName = async function* (_: AnswerContext, __: View, question: string) {
    const name = Object.keys(names).find((known) => question.includes(known))!;
    read.push(name);
    yield { kind: 'stage', stage: 'mask' };
    const { affirmed, inside } = names[name]!;
    const logits = Float32Array.from({ length: 256 }, (_value, at) => (at < 128 ? inside : -8));
    const map = { logits, width: 16, height: 16 };
    const mask = { map, label: null, promptId: null, isAbsent: false };
    return { affirmed, found: { text: 'It is [SEG].', masks: [mask] } };
  };
  return { runner: { network: { config }, runName } as unknown as PassRunner, read };
}

async function answerOf(
  runner: PassRunner,
  name: string,
  beside: readonly string[],
  evidence = { least: 0, behind: 2 },
): Promise<ModelAnswer> {
  const context = { image, options: {}, stopwatch: new Stopwatch() };
  const answering = segmentName(runner, context, name, beside, evidence);
  for (;;) {
    const next = await answering.next();
    if (next.done) return next.value;
  }
}

async function isMarked(name: string, beside: readonly string[]): Promise<boolean> {
  return (await answerOf(runnerOf().runner, name, beside)).masks.length > 0;
}

describe('a name', () => {
  it('is marked where word and mask together speak for it', async () => {
    expect(await isMarked('dog', [])).toBe(true);
    expect(await isMarked('zebra', []), 'its word denies it').toBe(false);
    expect(await isMarked('stop sign', []), 'its mask is hardly one').toBe(false);
  });

  it('says so', async () => {
    expect((await answerOf(runnerOf().runner, 'dog', [])).text).toBe('It is.');
    expect((await answerOf(runnerOf().runner, 'zebra', [])).text).toBe('No target.');
  });

  it('gives way to one asked together with it that is much more evident', async () => {
    expect(await isMarked('dog', ['bear', 'zebra'])).toBe(false);
    expect(await isMarked('bear', ['dog', 'zebra'])).toBe(true);
    expect(await isMarked('dog', ['dog', 'stop sign', 'zebra'])).toBe(true);
  });

  it('that is not there by itself is compared with no other', async () => {
    const { runner, read } = runnerOf();
    await answerOf(runner, 'zebra', ['bear', 'dog']);
    expect(read).toEqual(['zebra']);
  });
});
