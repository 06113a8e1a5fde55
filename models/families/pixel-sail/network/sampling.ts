import { seededRandom } from '../../../../core/seeded-random.ts';
import type { GenerationOptions } from '../../../model.ts';

/** Picks the next token from its scores. */
export type TokenChoice = (logits: Float32Array) => number;

/** The most likely token; the first one among equals. */
export function greedyChoice(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if (logits[token]! > logits[best]!) best = token;
  }
  return best;
}

/** Greedy without a temperature, else sampling that the same seed repeats. */
export function tokenChoice({
  temperature = 0,
  topP = 1,
  seed = 0,
}: GenerationOptions): TokenChoice {
  if (temperature <= 0) return greedyChoice;
  const random = seededRandom(seed);
  return (logits) => sampleToken(logits, temperature, topP, random());
}

/** `draw` in [0, 1) chooses among the likeliest tokens that together reach probability `topP`. */
function sampleToken(
  logits: Float32Array,
  temperature: number,
  topP: number,
  draw: number,
): number {
  const highest = logits[greedyChoice(logits)]!;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const order = Uint32Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
  let kept = 0;
  let count = 0;
  do kept += weights[order[count++]!]!;
  while (count < order.length && kept < topP * total);

  let left = draw * kept;
  for (const token of order.subarray(0, count)) {
    left -= weights[token]!;
    if (left < 0) return token;
  }
  return order[count - 1]!;
}
