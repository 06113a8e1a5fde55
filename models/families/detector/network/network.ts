import type { AppError } from '../../../../core/errors.ts';
import { floatsOf, tensorOf, type NumberType, type Tensor } from '../../../onnx/tensor.ts';
import type { Outputs } from '../../../onnx/tensor.ts';
import type { Sessions } from '../../../onnx/session.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import type { DetectorConfig } from '../config.ts';
import { detectorFailure } from '../sentences.ts';
import type { DetectorManifest, GraphRole } from '../manifest.ts';
import type { Detection } from './detections.ts';
import { frameOf, type Frame } from './frame.ts';
import { photoTensor } from './photo.ts';

type Maps = NonNullable<Extract<DetectorConfig['output'], { kind: 'places' }>['maps']>;
type Lists = Extract<DetectorConfig['output'], { kind: 'lists' }>;
type Corners = Detection['corners'];

/** A graph's outputs for a photo. */
export interface LookedAt {
  readonly frame: Frame;
  /** In no order, repetitions among them where the graph leaves them in. */
  readonly detections: readonly Detection[];
  /** Bytes of the outputs that the detections are made of. */
  readonly bytes: number;
}

/** The graph of a package as a function of photos; what it takes and gives as its manifest says. */
export class DetectorNetwork {
  readonly manifest: DetectorManifest;
  readonly #sessions: Sessions<GraphRole>;

  constructor(manifest: DetectorManifest, sessions: Sessions<GraphRole>) {
    this.manifest = manifest;
    this.#sessions = sessions;
  }

  /** @param leastScore of the objects that are of interest, above 0 */
  async look(image: RgbImage, leastScore: number): Promise<LookedAt> {
    const { config } = this.manifest;
    const frame = frameOf(image, config.image);
    const outputs = await this.#sessions.detector.run(feedsOf(image, frame, this.manifest));
    const detections = await this.#detections(outputs, frame, leastScore);
    const bytes = Object.values(outputs).reduce((sum, tensor) => sum + 4 * tensor.size, 0);
    return { frame, detections, bytes };
  }

  async #detections(outputs: Outputs, frame: Frame, leastScore: number): Promise<Detection[]> {
    const { config, classes } = this.manifest;
    const { output } = config;
    if (output.kind === 'lists') return fromLists(outputs, output, frame, this.manifest);
    const values = await floatsOf(outputs[output.output]!);
    const maps = output.maps && (await sharedMaps(outputs, output.maps, this.manifest.id));
    const [rows, columns] = outputs[output.output]!.dims.slice(-2) as [number, number];
    const wanted = output.kind === 'places' ? rows - classes.length : columns - 2;
    const found = 4 + (output.maps?.count ?? 0);
    if (wanted !== found) {
      const expected = output.kind === 'places' ? rows - found : columns - found;
      const parts = { path: this.manifest.id, expected, found: classes.length };
      throw detectorFailure('package-invalid', 'classNamesCount', parts);
    }
    return output.kind === 'places'
      ? fromPlaces(values, columns, classes.length, leastScore, maps)
      : fromObjects(values, rows, columns, maps);
  }
}

/** The tensors that a photo becomes. */
export function feedsOf(
  image: RgbImage,
  frame: Frame,
  { config, graphs }: DetectorManifest,
): Record<string, Tensor> {
  const typeOf = (input: string) => graphs.detector.inputs[input]!.dtype as NumberType;
  const { input } = config.image;
  const feeds = { [input]: photoTensor(image, frame, config.image, typeOf(input)) };
  if (config.size === null) return feeds;
  const unit = config.output.kind === 'lists' ? config.output.boxes.unit : 'input';
  const { width, height } = unit === 'photo' ? frame.photo : frame.input;
  const sides = config.size.order === 'width-height' ? [width, height] : [height, width];
  return { ...feeds, [config.size.input]: tensorOf(typeOf(config.size.input), sides, [1, 2]) };
}

/** A mask of an object from its shares of the maps. */
type MaskOf = (shares: ArrayLike<number>) => LogitMap;

async function sharedMaps(outputs: Outputs, { output, count }: Maps, id: string): Promise<MaskOf> {
  const values = await floatsOf(outputs[output]!);
  const [height, width] = outputs[output]!.dims.slice(-2) as [number, number];
  const cells = width * height;
  if (values.length !== count * cells) throw outputsDisagree(outputs, id);
  return (shares) => {
    const logits = new Float32Array(cells);
    for (let map = 0; map < count; map++) {
      const share = shares[map]!;
      const start = map * cells;
      for (let cell = 0; cell < cells; cell++) logits[cell]! += share * values[start + cell]!;
    }
    return { logits, width, height };
  };
}

function fromPlaces(
  values: Float32Array,
  places: number,
  classes: number,
  leastScore: number,
  maskOf: MaskOf | null,
): Detection[] {
  const detections: Detection[] = [];
  const rows = values.length / places;
  for (let place = 0; place < places; place++) {
    const at = (row: number) => values[row * places + place]!;
    let [label, score] = [0, at(4)];
    for (let other = 1; other < classes; other++) {
      if (at(4 + other) > score) [label, score] = [other, at(4 + other)];
    }
    if (!(score >= leastScore)) continue;
    const shares = () => Array.from({ length: rows - 4 - classes }, (_, i) => at(4 + classes + i));
    detections.push({
      corners: aroundCentre(at(0), at(1), at(2), at(3)),
      score,
      label,
      mask: () => maskOf && maskOf(shares()),
    });
  }
  return detections;
}

/** Rows with a score of 0 fill up the list. */
function fromObjects(
  values: Float32Array,
  rows: number,
  columns: number,
  maskOf: MaskOf | null,
): Detection[] {
  return Array.from({ length: rows }, (_, row) => {
    const [x0, y0, x1, y1, score, label, ...shares] = values.subarray(
      row * columns,
      (row + 1) * columns,
    ) as unknown as [number, number, number, number, number, number, ...number[]];
    return {
      corners: [x0, y0, x1, y1] as const,
      score,
      label: Math.round(label),
      mask: () => maskOf && maskOf(shares),
    };
  }).filter(({ score }) => score > 0);
}

async function fromLists(
  outputs: Outputs,
  { boxes, scores, labels, firstLabel, masks }: Lists,
  frame: Frame,
  { id, classes }: DetectorManifest,
): Promise<Detection[]> {
  const places = await floatsOf(outputs[boxes.output]!);
  const rated = await floatsOf(outputs[scores]!);
  const named = labels === null ? null : await numbersOf(outputs[labels]!);
  const drawn = masks === null ? null : await floatsOf(outputs[masks]!);
  const [height, width] = masks === null ? [0, 0] : outputs[masks]!.dims.slice(-2);
  const objects = places.length / 4;
  const perObject = named === null ? rated.length / Math.max(objects, 1) : 1;
  const cells = height! * width!;
  const isWhole =
    Number.isInteger(objects) &&
    Number.isInteger(perObject) &&
    rated.length === objects * perObject &&
    (named === null || named.length === objects) &&
    (drawn === null || drawn.length === objects * cells);
  if (!isWhole) throw outputsDisagree(outputs, id);
  return Array.from({ length: objects }, (_, index) => {
    const own = rated.subarray(index * perObject, (index + 1) * perObject);
    const best = own.indexOf(Math.max(...own));
    const mask = () =>
      drawn && {
        logits: drawn.slice(index * cells, (index + 1) * cells).map(logit),
        width: width!,
        height: height!,
      };
    return {
      corners: cornersOf(places.subarray(index * 4, index * 4 + 4), boxes, frame),
      score: own[best] ?? 0,
      label: (named?.[index] ?? best) - firstLabel,
      mask,
    };
  }).filter(({ label }) => label >= 0 && label < classes.length);
}

/** The error for outputs that are not about the same objects. */
function outputsDisagree(outputs: Outputs, id: string): AppError {
  const shapes = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
  return detectorFailure('package-invalid', 'outputsDisagree', { id, shapes });
}

/** Corners in pixels of the input. */
function cornersOf(
  values: ArrayLike<number>,
  { corners, unit }: Lists['boxes'],
  { photo, input, scaled, left, top }: Frame,
): Corners {
  const [a, b, c, d] = [values[0]!, values[1]!, values[2]!, values[3]!];
  const [x0, y0, x1, y1] = {
    'left-top-right-bottom': (): Corners => [a, b, c, d],
    'top-left-bottom-right': (): Corners => [b, a, d, c],
    'center-size': () => aroundCentre(a, b, c, d),
    'left-top-size': (): Corners => [a, b, a + c, b + d],
  }[corners]();
  if (unit === 'input') return [x0, y0, x1, y1];
  if (unit === 'share') {
    return [x0 * input.width, y0 * input.height, x1 * input.width, y1 * input.height];
  }
  const x = (value: number) => (value * scaled.width) / photo.width + left;
  const y = (value: number) => (value * scaled.height) / photo.height + top;
  return [x(x0), y(y0), x(x1), y(y1)];
}

function aroundCentre(x: number, y: number, width: number, height: number): Corners {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function logit(probability: number): number {
  const inside = Math.min(Math.max(probability, 1e-6), 1 - 1e-6);
  return Math.log(inside / (1 - inside));
}

/** Labels may be whole numbers of any width, or floats. */
async function numbersOf(tensor: Tensor): Promise<number[]> {
  const data = (await tensor.getData()) as ArrayLike<number | bigint>;
  return Array.from(data, Number);
}
