import { ProtobufWriter, readProtobuf } from './protobuf.ts';

/** The subset of ONNX's `ModelProto` that our graphs use; field numbers are those of onnx.proto. */
export type ElementType = 'float32' | 'int4' | 'uint8' | 'int8' | 'int32' | 'int64' | 'float16';

/** Named dimensions are strings. */
export type Shape = readonly (number | string)[];

/** A number is an int attribute, a number list ints; floats say so because `1` could be either. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface Node {
  readonly operator: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  /** An empty name leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian values inside the model, or where they lie in another file. */
  readonly data: Uint8Array | ExternalData;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

const irVersion = 10;
/** Opset 20 brought Gelu, 21 integers of four bits; newer ones bring nothing these graphs need. */
function opsetVersion({ initializers }: Graph): number {
  return initializers.some(({ type }) => type === 'int4') ? 21 : 20;
}

const elementTypeCodes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float16: 10,
  int4: 22,
};

/** The code of an element type, as the `to` attribute of Cast wants it. */
export function elementTypeCode(type: ElementType): number {
  return elementTypeCodes[type];
}

/** The bytes of a `.onnx` file holding one graph. */
export function encodeModel(graph: Graph): Uint8Array {
  const standard = new ProtobufWriter().text(1, '').integer(2, opsetVersion(graph));
  const contributed = new ProtobufWriter().text(1, 'com.microsoft').integer(2, 1);
  return new ProtobufWriter()
    .integer(1, irVersion)
    .text(2, 'pixel-sail-studio')
    .message(7, encodeGraph(graph))
    .message(8, standard)
    .message(8, contributed)
    .finish();
}

function encodeGraph(graph: Graph): ProtobufWriter {
  const writer = new ProtobufWriter();
  graph.nodes.forEach((node, index) => writer.message(1, encodeNode(node, index)));
  writer.text(2, graph.name);
  graph.initializers.forEach((initializer) => writer.message(5, encodeInitializer(initializer)));
  graph.inputs.forEach((value) => writer.message(11, encodeValue(value)));
  graph.outputs.forEach((value) => writer.message(12, encodeValue(value)));
  return writer;
}

function encodeNode(node: Node, index: number): ProtobufWriter {
  const writer = new ProtobufWriter();
  node.inputs.forEach((name) => writer.text(1, name));
  node.outputs.forEach((name) => writer.text(2, name));
  writer.text(3, `${node.operator}_${String(index)}`).text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, encodeAttribute(name, value));
  }
  return writer.text(7, node.domain);
}

function encodeAttribute(name: string, value: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return writer.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return writer.text(4, value).integer(20, 3);
  if ('float' in value) return writer.float(2, value.float).integer(20, 1);
  value.forEach((item) => writer.integer(8, item));
  return writer.integer(20, 7);
}

function encodeInitializer({ name, type, shape, data }: Initializer): ProtobufWriter {
  const writer = new ProtobufWriter();
  shape.forEach((size) => writer.integer(1, size));
  writer.integer(2, elementTypeCodes[type]).text(8, name);
  if (data instanceof Uint8Array) return writer.bytes(9, data);
  const entries = { location: data.file, offset: String(data.offset), length: String(data.bytes) };
  for (const [key, value] of Object.entries(entries)) {
    writer.message(13, new ProtobufWriter().text(1, key).text(2, value));
  }
  return writer.integer(14, 1);
}

function encodeValue({ name, type, shape }: Value): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    if (typeof size === 'string') dimension.text(2, size);
    else dimension.integer(1, size);
    dimensions.message(1, dimension);
  }
  const tensor = new ProtobufWriter().integer(1, elementTypeCodes[type]).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}

/** An initializer whose values lie in another file. */
export type ExternalInitializer = Initializer & { readonly data: ExternalData };

/**
 * The initializers of a `.onnx` file that keep their values outside of it, such as all weights of
 * our packages.
 * @throws RangeError when the bytes are no ONNX model, or a value has a type that our graphs do
 * not use
 */
export function externalInitializers(model: Uint8Array): ExternalInitializer[] {
  const graph = messages(model, 7).at(0);
  if (graph === undefined) throw new RangeError('the file holds no graph');
  return messages(graph, 5)
    .filter((tensor) => messages(tensor, 13).length > 0)
    .map(decodeExternalInitializer);
}

function decodeExternalInitializer(tensor: Uint8Array): ExternalInitializer {
  const fields = [...readProtobuf(tensor)];
  const code = Number(fields.find(({ field }) => field === 2)?.value);
  const type = (Object.keys(elementTypeCodes) as ElementType[]).find(
    (name) => elementTypeCodes[name] === code,
  );
  if (type === undefined) throw new RangeError(`element type ${String(code)} is not in use`);
  const entries = new Map(
    messages(tensor, 13).map((entry) => [firstText(entry, 1), firstText(entry, 2)]),
  );
  return {
    name: firstText(tensor, 8),
    type,
    shape: fields.filter(({ field }) => field === 1).map(({ value }) => Number(value)),
    data: {
      file: entries.get('location') ?? '',
      offset: Number(entries.get('offset')),
      bytes: Number(entries.get('length')),
    },
  };
}

function messages(message: Uint8Array, wanted: number): Uint8Array[] {
  return [...readProtobuf(message)]
    .filter(({ field }) => field === wanted)
    .map(({ value }) => value)
    .filter((value) => value instanceof Uint8Array);
}

function firstText(message: Uint8Array, field: number): string {
  return new TextDecoder().decode(messages(message, field)[0]);
}
