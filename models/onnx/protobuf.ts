/**
 * Writes the protobuf wire format: just what ONNX needs (varints, 32-bit floats, length-delimited
 * fields). Fields appear in the order of the calls. Reference:
 * protobuf.dev/programming-guides/encoding.
 */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];

  /** An int64, int32 or enum field; negative values take ten bytes, as the format asks. */
  integer(field: number, value: number | bigint): this {
    this.#tag(field, 0);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#chunks.push(bytes);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(BigInt(value.length));
    this.#chunks.push(value);
    return this;
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(BigInt((field << 3) | wireType));
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#chunks.push(Uint8Array.from(bytes));
  }
}

/**
 * One field of a message: the value of a varint, or the bytes of a length-delimited or fixed-width
 * field.
 */
export interface ProtobufField {
  readonly field: number;
  readonly value: bigint | Uint8Array;
}

/**
 * The fields of a message in the order in which they were written.
 * @throws RangeError when the bytes end inside a field, a number has more than ten bytes, or the
 * retired group encoding is used
 */
export function* readProtobuf(message: Uint8Array): Generator<ProtobufField> {
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift >= 70n) throw new RangeError('a protobuf number never ends');
      const byte = take(1)[0]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (position + length > message.length) throw new RangeError('a protobuf message ends early');
    position += length;
    return message.subarray(position - length, position);
  };
  const fixedWidths = new Map([
    [1, 8],
    [5, 4],
  ]);
  while (position < message.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    const wireType = tag & 7;
    if (wireType === 0) yield { field, value: varint() };
    else if (wireType === 2) yield { field, value: take(Number(varint())) };
    else if (fixedWidths.has(wireType)) yield { field, value: take(fixedWidths.get(wireType)!) };
    else throw new RangeError(`protobuf wire type ${String(wireType)} is not in use`);
  }
}
