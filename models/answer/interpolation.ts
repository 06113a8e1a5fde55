/**
 * For each output sample: the two input samples it lies between (`low`, `low + 1` or `low`) and
 * the second's weight.
 */
interface Interpolation {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float32Array;
}

/** As torch's `interpolate(mode='bilinear', align_corners=False)`. */
export function interpolation(inputLength: number, outputLength: number): Interpolation {
  const scale = Math.fround(inputLength / outputLength);
  const low = new Int32Array(outputLength);
  const high = new Int32Array(outputLength);
  const weight = new Float32Array(outputLength);
  for (let index = 0; index < outputLength; index++) {
    const source = Math.max(Math.fround(scale * (index + 0.5)) - 0.5, 0);
    low[index] = Math.min(Math.floor(source), inputLength - 1);
    high[index] = Math.min(low[index]! + 1, inputLength - 1);
    weight[index] = source - low[index]!;
  }
  return { low, high, weight };
}
