import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCache } from '../../../../../../models/answer/byte-cache.ts';
import {
  greedyChoice,
  tokenChoice,
} from '../../../../../../models/families/pixel-sail/network/sampling.ts';

describe('ByteCache', () => {
  it('drops what was not used for longest', () => {
    const cache = new ByteCache<{ bytes: number }>(10);
    cache.set('a', { bytes: 4 });
    cache.set('b', { bytes: 4 });
    cache.get('a');
    cache.set('c', { bytes: 4 });
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toEqual({ bytes: 4 });
    expect(cache.get('c')).toEqual({ bytes: 4 });
  });

  it('never holds more than its limit and counts replaced values once', () => {
    const steps = fc.array(
      fc.record({ key: fc.integer({ min: 0, max: 5 }), bytes: fc.integer({ min: 0, max: 30 }) }),
    );
    fc.assert(
      fc.property(steps, (sets) => {
        const cache = new ByteCache<{ bytes: number }>(50);
        for (const { key, bytes } of sets) cache.set(String(key), { bytes });
        const held = [0, 1, 2, 3, 4, 5].map((key) => cache.get(String(key))?.bytes ?? 0);
        expect(cache.bytes).toBe(held.reduce((sum, bytes) => sum + bytes, 0));
        expect(cache.bytes).toBeLessThanOrEqual(50);
        const last = sets.at(-1);
        if (last) expect(cache.get(String(last.key))).toEqual({ bytes: last.bytes });
      }),
    );
  });

  it('leaves the rest alone when one value is too large to keep', () => {
    const cache = new ByteCache<{ bytes: number }>(10);
    cache.set('a', { bytes: 4 });
    cache.set('huge', { bytes: 11 });
    expect(cache.get('huge')).toBeUndefined();
    expect(cache.get('a')).toBeDefined();
  });

  it('refuses a negative limit', () => {
    expect(() => new ByteCache(-1)).toThrow(/0 bytes or more/);
  });
});

describe('choosing a token', () => {
  const logits = Float32Array.of(1, 3, 3, -2, 2.5);

  it('is greedy without a temperature, the first among equals', () => {
    expect(greedyChoice(logits)).toBe(1);
    expect(tokenChoice({})(logits)).toBe(1);
  });

  it('repeats itself with the same seed and not with another', () => {
    const draws = (seed: number) => {
      const choose = tokenChoice({ temperature: 1, seed });
      return Array.from({ length: 50 }, () => choose(logits));
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
  });

  it('draws tokens as often as their probability says', () => {
    const choose = tokenChoice({ temperature: 1, seed: 3 });
    const counts = [0, 0];
    for (let draw = 0; draw < 4000; draw++) counts[choose(Float32Array.of(0, Math.log(3)))]!++;
    expect(counts[1]! / 4000).toBeCloseTo(0.75, 1);
  });

  it('keeps to the likeliest tokens that reach top-p', () => {
    const choose = tokenChoice({ temperature: 1, topP: 0.6, seed: 1 });
    const seen = new Set(Array.from({ length: 300 }, () => choose(logits)));
    expect([...seen].sort()).toEqual([1, 2]);
  });
});
