/// <reference lib="esnext.float16" />
import { Tensor, type InferenceSession } from 'onnxruntime-node';

export { Tensor };
/** Named tensors, as a graph gives them. */
export type Outputs = InferenceSession.ReturnType;

/** Whole numbers as ONNX takes ids and sizes. */
export function int64(values: ArrayLike<number>, shape: readonly number[]): Tensor {
  return new Tensor(
    'int64',
    BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]!)),
    shape,
  );
}

/** The values of a float32 tensor, fetched from the device where they lie there. */
export async function floats(tensor: Tensor): Promise<Float32Array> {
  return (await tensor.getData()) as Float32Array;
}

/** Element types in which graphs of others take numbers. */
export type NumberType = 'float32' | 'float16' | 'int64' | 'int32' | 'uint8';

/** Numbers as a graph takes them; whole numbers are cut off where the type has no others. */
export function tensorOf(
  type: NumberType,
  values: ArrayLike<number>,
  shape: readonly number[],
): Tensor {
  switch (type) {
    case 'float32':
      return new Tensor('float32', asFloats(values), shape);
    case 'float16':
      // The types of the runtime do not know this kind of array yet; it takes it wherever there is
      // one.
      return new Tensor('float16', Float16Array.from(values) as unknown as Uint16Array, shape);
    case 'int64':
      return int64(values, shape);
    case 'int32':
      return new Tensor('int32', Int32Array.from(values), shape);
    case 'uint8':
      return new Tensor('uint8', Uint8Array.from(values), shape);
  }
}

function asFloats(values: ArrayLike<number>): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/**
 * The values of a tensor of floats of either width, fetched from the device where they lie there.
 */
export async function floatsOf(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.getData();
  if (data instanceof Float32Array) return data;
  // Float16Array where the runtime has it, else the bits.
  const halves =
    data instanceof Uint16Array
      ? new Float16Array(data.buffer, data.byteOffset, data.length)
      : data;
  return Float32Array.from(halves as ArrayLike<number>);
}
