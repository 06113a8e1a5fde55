import {
  elementTypeCode,
  type Attribute,
  type ElementType,
  type Graph,
  type Initializer,
  type Node,
  type Shape,
  type Value,
} from './onnx.ts';
import type { StoredTensor, StoredWeight } from './weights-file.ts';

type Attributes = Readonly<Record<string, Attribute>>;

/**
 * Grows one ONNX graph. Every method returns the name of the value it made, so that a graph reads
 * like a formula. Weights are named by their checkpoint key and are declared in the graph when
 * first used.
 */
export class GraphBuilder {
  readonly #weights: ReadonlyMap<string, StoredWeight>;
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #widened = new Map<string, string>();
  #counter = 0;

  constructor(weights: ReadonlyMap<string, StoredWeight>) {
    this.#weights = weights;
  }

  input(name: string, type: ElementType, shape: Shape): string {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Declares an output; the value of that name must have been made. */
  output(name: string, type: ElementType, shape: Shape): void {
    this.#outputs.push({ name, type, shape });
  }

  /**
   * Adds a node with one output. `com.microsoft.X` names a contributed operator; `name` is needed
   * for graph outputs only.
   */
  apply(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    name = this.#freshName(),
  ): string {
    this.#addNode(operator, inputs, attributes, [name]);
    return name;
  }

  /** Adds a node with several outputs of the given names; an empty name leaves one out. */
  applyMany(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    names: readonly string[],
  ): void {
    this.#addNode(operator, inputs, attributes, names);
  }

  freshNames(count: number): string[] {
    return Array.from({ length: count }, () => this.#freshName());
  }

  /** A constant list of int64, or a single one as a scalar. */
  integers(values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = typeof values === 'number' ? [] : [values.length];
    const data = new Uint8Array(BigInt64Array.from(list, BigInt).buffer);
    return this.#constant(`integers_${shape.join()}_${list.join('_')}`, 'int64', shape, data);
  }

  /** A constant float32 scalar. */
  float(value: number): string {
    return this.#constant(
      `float_${String(value)}`,
      'float32',
      [],
      new Uint8Array(Float32Array.of(value).buffer),
    );
  }

  /**
   * A weight in float32, whatever its storage. ONNX Runtime folds the widening when it loads the
   * graph.
   */
  weight(name: string): string {
    const known = this.#widened.get(name);
    if (known !== undefined) return known;
    const { values, scales } = this.#stored(name);
    let widened = this.#external(name, values);
    if (values.type !== 'float32') widened = this.#toFloat32(widened);
    if (scales !== undefined) widened = this.#dequantize(name, widened, scales);
    this.#widened.set(name, widened);
    return widened;
  }

  /**
   * Constant rows of a table weight, float32 [rows, columns]; taken before widening, so that the
   * table itself is not.
   */
  rows(name: string, indices: readonly number[]): string {
    const { values } = this.#stored(name);
    const gathered = this.apply('Gather', [this.#external(name, values), this.integers(indices)]);
    return values.type === 'float32' ? gathered : this.#toFloat32(gathered);
  }

  /** The rows of a table weight that `indices` names, widened after they were taken. */
  lookUp(name: string, indices: string): string {
    return this.#toFloat32(
      this.apply('Gather', [this.#external(name, this.#stored(name).values), indices]),
    );
  }

  /** Whether a weight stays rounded when the graph runs. */
  isKept(name: string): boolean {
    return this.#weights.get(name)?.keptBits !== undefined;
  }

  /** A linear layer, weights [outputs, inputs]: x [n, inputs] -> [n, outputs]. */
  linear(x: string, weight: string, bias?: string): string {
    if (this.isKept(weight)) return this.#keptLinear(x, weight, bias);
    const biases = bias === undefined ? [] : [this.weight(bias)];
    return this.apply('Gemm', [x, this.weight(weight), ...biases], { transB: 1 });
  }

  /**
   * Linear layers of one input, multiplied in int8 as `integerProduct` does, with the input rounded
   * once for all of them: x [n, inputs] -> one [n, outputs] for each weight.
   */
  integerLinears(x: string, weights: readonly string[], biases?: readonly string[]): string[] {
    const [rounded, scale, zero] = this.freshNames(3) as [string, string, string];
    this.applyMany('DynamicQuantizeLinear', [x], {}, [rounded, scale, zero]);
    return weights.map((weight, place) => {
      const { integers, scales } = this.#rounded(this.weight(weight));
      const bias = biases === undefined ? [] : ['', this.weight(biases[place]!)];
      const values = [rounded, integers, scale, scales, zero, ...bias];
      return this.apply('com.microsoft.MatMulIntegerToFloat', values);
    });
  }

  /**
   * A linear layer without bias, multiplied in int8 as `integerProduct` does, but with one scale
   * for each row of x: for rows of which some have far larger values than others.
   */
  integerLinearByRows(x: string, weight: string): string {
    const magnitudes = this.apply('Abs', [x]);
    const largest = this.apply('ReduceMax', [magnitudes, this.integers([1])], { keepdims: 1 });
    // A row of zeros stays one.
    const sizes = this.apply('Max', [largest, this.float(1e-20)]);
    const even = this.apply('Div', [x, sizes]);
    return this.apply('Mul', [this.integerProduct(even, this.weight(weight)), sizes]);
  }

  /**
   * x [n, inputs] times a constant matrix [outputs, inputs], multiplied in int8: the matrix with
   * one scale an output, `x` with one scale for all of it, which is found when the graph runs.
   * ONNX Runtime rounds the matrix when it loads the graph.
   */
  integerProduct(x: string, matrix: string, bias?: string): string {
    const { integers, scales } = this.#rounded(matrix);
    const optional = bias === undefined ? [] : ['', bias];
    return this.apply('com.microsoft.DynamicQuantizeMatMul', [x, integers, scales, ...optional]);
  }

  build(name: string): Graph {
    return {
      name,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** A constant matrix [outputs, inputs] as int8 [inputs, outputs] with one scale an output. */
  #rounded(matrix: string): { integers: string; scales: string } {
    const magnitudes = this.apply('Abs', [matrix]);
    const largest = this.apply('ReduceMax', [magnitudes, this.integers([1])], { keepdims: 1 });
    const scales = this.apply('Div', [largest, this.float(127)]);
    const rounded = this.apply('Round', [this.apply('Div', [matrix, scales])]);
    const integers = this.apply('Cast', [rounded], { to: elementTypeCode('int8') });
    return {
      integers: this.apply('Transpose', [integers], { perm: [1, 0] }),
      scales: this.apply('Reshape', [scales, this.integers([-1])]),
    };
  }

  /** A product with integers as they are stored; the states are rounded to int8 block by block. */
  #keptLinear(x: string, weight: string, bias?: string): string {
    const { shape, values, scales, keptBits } = this.#stored(weight);
    const [outputs, inputs] = shape as [number, number];
    const [, , blockBytes] = values.shape as [number, number, number];
    const factors = this.#toFloat32(this.#external(`${weight}.scales`, scales!));
    const product = this.apply(
      'com.microsoft.MatMulNBits',
      [x, this.#external(weight, values), factors],
      {
        K: inputs,
        N: outputs,
        bits: keptBits!,
        block_size: (8 * blockBytes) / keptBits!,
        accuracy_level: 4,
      },
    );
    return bias === undefined ? product : this.apply('Add', [product, this.weight(bias)]);
  }

  #addNode(
    path: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[],
  ): void {
    const dot = path.lastIndexOf('.');
    const node = { operator: path.slice(dot + 1), domain: path.slice(0, Math.max(dot, 0)) };
    this.#nodes.push({ ...node, inputs, outputs, attributes });
  }

  /**
   * Blocks [outputs, blocks, block] times their scales, without the padding -> [outputs, inputs].
   */
  #dequantize(name: string, values: string, scales: StoredTensor): string {
    const { shape, values: stored } = this.#stored(name);
    const [outputs, inputs] = shape as [number, number];
    const factors = this.#toFloat32(this.#external(`${name}.scales`, scales));
    const blocks = this.apply('Mul', [values, factors]);
    const rows = this.apply('Reshape', [blocks, this.integers([outputs, -1])]);
    if (inputs % stored.shape[2]! === 0) return rows;
    return this.apply('Slice', [rows, ...[[0], [inputs], [1]].map((i) => this.integers(i))]);
  }

  #toFloat32(value: string): string {
    return this.apply('Cast', [value], { to: elementTypeCode('float32') });
  }

  #constant(name: string, type: ElementType, shape: readonly number[], data: Uint8Array): string {
    this.#initializers.set(name, { name, type, shape, data });
    return name;
  }

  #external(name: string, tensor: StoredTensor): string {
    this.#initializers.set(name, { name, ...tensor });
    return name;
  }

  #stored(name: string): StoredWeight {
    return this.#weights.get(name)!;
  }

  #freshName(): string {
    this.#counter += 1;
    return `v${String(this.#counter)}`;
  }
}
