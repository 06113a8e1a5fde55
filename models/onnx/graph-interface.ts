import { InferenceSession } from 'onnxruntime-node';
import type { GraphSource } from './session.ts';
import { sessionOptions } from './session.ts';
import { onnxFailure } from './sentences.ts';

/** The values that a graph takes and gives. */
export type GraphInterface = Pick<GraphSource, 'inputs' | 'outputs'>;

/**
 * The inputs and outputs of a `.onnx` file, as ONNX Runtime sees them.
 * @throws AppError `package-invalid` when it cannot load the file
 */
export async function readGraphInterface(path: string): Promise<GraphInterface> {
  const options = { ...sessionOptions({ device: 'cpu', threads: 1 }) };
  const session = await InferenceSession.create(path, {
    ...options,
    graphOptimizationLevel: 'disabled',
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw onnxFailure('package-invalid', 'packageGraphUnreadable', { path, reason }, cause);
  });
  try {
    return {
      inputs: declared(session.inputMetadata),
      outputs: declared(session.outputMetadata),
    };
  } finally {
    await session.release();
  }
}

function declared(values: readonly InferenceSession.ValueMetadata[]): GraphInterface['inputs'] {
  return Object.fromEntries(
    values.flatMap((value) =>
      value.isTensor ? [[value.name, { dtype: value.type, shape: [...value.shape] }]] : [],
    ),
  );
}
