import { readProtobuf } from './protobuf.ts';

/** Fields of onnx.proto: the entries of a model, the key of an entry, and its value. */
const fields = { entries: 14, key: 1, value: 2 } as const;

/**
 * The exporter's notes in a `.onnx` file, by their names; nothing for bytes that are
 * no such file.
 */
export function graphMetadata(model: Uint8Array): Record<string, string> {
  const noted: Record<string, string> = {};
  try {
    for (const { field, value } of readProtobuf(model)) {
      if (field !== fields.entries || typeof value === 'bigint') continue;
      const entry = new Map([...readProtobuf(value)].map((part) => [part.field, part.value]));
      noted[textOf(entry.get(fields.key))] = textOf(entry.get(fields.value));
    }
  } catch (thrown) {
    // ONNX Runtime says better what is wrong with the file.
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return noted;
}

function textOf(value: Uint8Array | bigint | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}
