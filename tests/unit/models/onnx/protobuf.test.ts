import fc from 'fast-check';
import { onnx } from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { encodeModel, type Graph } from '../../../../models/onnx/onnx.ts';
import { ProtobufWriter } from '../../../../models/onnx/protobuf.ts';

describe('the protobuf writer', () => {
  it('writes the bytes of the examples in the encoding guide', () => {
    expect([...new ProtobufWriter().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().text(2, 'testing').finish()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    const inner = new ProtobufWriter().integer(1, 150);
    expect([...new ProtobufWriter().message(3, inner).finish()]).toEqual([
      0x1a, 0x03, 0x08, 0x96, 0x01,
    ]);
  });

  it('writes integers that another implementation reads back, negative and large ones too', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.float({ noNaN: true }), (integer, float) => {
        const bytes = new ProtobufWriter().integer(3, integer).float(2, float).finish();
        const attribute = onnx.AttributeProto.decode(bytes);
        expect(Number(attribute.i)).toBe(integer);
        expect(attribute.f).toBe(float);
      }),
    );
  });
});

describe('an encoded model', () => {
  const graph: Graph = {
    name: 'example',
    nodes: [
      {
        operator: 'MultiHeadAttention',
        domain: 'com.microsoft',
        inputs: ['x', '', 'w'],
        outputs: ['y'],
        attributes: { num_heads: 4, scale: { float: 0.5 }, perm: [1, 0, -1], mode: 'linear' },
      },
    ],
    initializers: [
      {
        name: 'w',
        type: 'float16',
        shape: [2, 3],
        data: { file: 'weights.bin', offset: 64, bytes: 12 },
      },
      { name: 'one', type: 'int64', shape: [1], data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) },
    ],
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 768] }],
    outputs: [{ name: 'y', type: 'float32', shape: [] }],
  };
  const model = onnx.ModelProto.decode(encodeModel(graph));

  it('declares its operator sets', () => {
    expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([
      ['', 20],
      ['com.microsoft', 1],
    ]);
  });

  it('keeps nodes with left-out inputs and every kind of attribute', () => {
    const [node] = model.graph!.node!;
    expect(node).toMatchObject({
      opType: 'MultiHeadAttention',
      domain: 'com.microsoft',
      input: ['x', '', 'w'],
    });
    const attributes = Object.fromEntries(
      node!.attribute!.map((attribute) => [attribute.name, attribute]),
    );
    const types = onnx.AttributeProto.AttributeType;
    expect(Number(attributes['num_heads']!.i)).toBe(4);
    expect(attributes['num_heads']!.type).toBe(types.INT);
    expect(attributes['scale']).toMatchObject({ f: 0.5, type: types.FLOAT });
    expect(attributes['perm']!.ints!.map(Number)).toEqual([1, 0, -1]);
    expect(attributes['perm']!.type).toBe(types.INTS);
    expect(Buffer.from(attributes['mode']!.s!).toString()).toBe('linear');
    expect(attributes['mode']!.type).toBe(types.STRING);
  });

  it('refers to weights in another file by offset and length', () => {
    const [weight, one] = model.graph!.initializer!;
    expect(weight!.dataLocation).toBe(onnx.TensorProto.DataLocation.EXTERNAL);
    expect(weight!.dataType).toBe(onnx.TensorProto.DataType.FLOAT16);
    expect(weight!.dims!.map(Number)).toEqual([2, 3]);
    expect(weight!.externalData!.map(({ key, value }) => [key, value])).toEqual([
      ['location', 'weights.bin'],
      ['offset', '64'],
      ['length', '12'],
    ]);
    expect([...one!.rawData!]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('names free dimensions and fixes the others', () => {
    const dimensions = model.graph!.input![0]!.type!.tensorType!.shape!.dim!;
    expect(dimensions[0]!.dimParam).toBe('N');
    expect(Number(dimensions[1]!.dimValue)).toBe(768);
  });
});
