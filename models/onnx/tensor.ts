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
