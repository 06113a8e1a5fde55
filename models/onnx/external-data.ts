import { readProtobuf } from './protobuf.ts';

/** Where onnx.proto lets a message of one kind hold others: the kind by field number. */
const held: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse tensor' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: {
    5: 'tensor',
    6: 'graph',
    10: 'tensor',
    11: 'graph',
    22: 'sparse tensor',
    23: 'sparse tensor',
  },
  'sparse tensor': { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'external data' },
  'external data': {},
};
type Kind =
  | 'model'
  | 'training'
  | 'graph'
  | 'function'
  | 'node'
  | 'attribute'
  | 'sparse tensor'
  | 'tensor'
  | 'external data';

/** Graphs inside of nodes; no network has more than a few levels of them. */
const maximumDepth = 64;

/**
 * The files that a `.onnx` file takes tensors from, as it names them: relative to its own folder.
 * Tensors are looked for wherever onnx.proto has a place for one, also in the graphs inside of
 * nodes and in functions.
 * @throws RangeError when the bytes are no protobuf message that can be read with certainty to its
 * end
 */
export function externalFiles(model: Uint8Array): ReadonlySet<string> {
  const found = new Set<string>();
  collect(model, 'model', found, 0);
  return found;
}

function collect(message: Uint8Array, kind: Kind, found: Set<string>, depth: number): void {
  if (depth > maximumDepth) throw new RangeError('the graphs are nested too deep');
  if (kind === 'external data') {
    const [key, value] = [texts(message, 1), texts(message, 2)];
    if (key.includes('location')) for (const file of value) found.add(file);
    return;
  }
  for (const { field, value } of readProtobuf(message)) {
    const inner = held[kind][field];
    if (inner && typeof value !== 'bigint') collect(value, inner, found, depth + 1);
  }
}

/** All values of a text field: readers of the format take the last one, and none must escape. */
function texts(message: Uint8Array, wanted: number): string[] {
  return [...readProtobuf(message)]
    .filter(({ field, value }) => field === wanted && typeof value !== 'bigint')
    .map(({ value }) => Buffer.from(value as Uint8Array).toString('utf8'));
}
