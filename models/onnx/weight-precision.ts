import type { Precision } from '../../core/precision.ts';
import { readProtobuf } from './protobuf.ts';

/** Codes of onnx.proto's element types, for those in which weights are stored. */
const precisionOf: Readonly<Record<number, Precision>> = {
  1: 'fp32',
  2: 'int8',
  3: 'int8',
  10: 'fp16',
  16: 'fp16',
  21: 'int4',
  22: 'int4',
};

/**
 * How `.onnx` files store most of their weights, by the number of values.
 * @throws RangeError when the bytes are no ONNX model
 */
export function weightPrecision(models: readonly Uint8Array[]): Precision {
  const counts = new Map<Precision, number>();
  for (const model of models) {
    for (const graph of messages(model, 7)) {
      for (const tensor of messages(graph, 5)) {
        const fields = [...readProtobuf(tensor)];
        const precision = precisionOf[Number(fields.find(({ field }) => field === 2)?.value)];
        if (precision === undefined) continue;
        const sizes = fields
          .filter(({ field }) => field === 1)
          .flatMap(({ value }) => sizesIn(value));
        const values = sizes.reduce((product, size) => product * size, 1);
        counts.set(precision, (counts.get(precision) ?? 0) + values);
      }
    }
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'fp32';
}

/** Sizes are written one by one or packed into one field. */
function sizesIn(value: bigint | Uint8Array): number[] {
  if (typeof value === 'bigint') return [Number(value)];
  const sizes: number[] = [];
  let [size, factor] = [0, 1];
  for (const byte of value) {
    size += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      sizes.push(size);
      [size, factor] = [0, 1];
    }
  }
  return sizes;
}

function messages(message: Uint8Array, wanted: number): Uint8Array[] {
  return [...readProtobuf(message)]
    .filter(({ field }) => field === wanted)
    .map(({ value }) => value)
    .filter((value) => value instanceof Uint8Array);
}
