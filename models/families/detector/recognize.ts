import { basename } from 'node:path';
import { z } from 'zod';
import type { GivenGraph, GraphImport, ImportHints, RecognizedGraphs } from '../../family.ts';
import { mappingSchema, type DetectorConfig, type Mapping } from './config.ts';
import type { DetectorManifest } from './manifest.ts';
import { detectorFailure } from './sentences.ts';

/** Score from which ultralytics shows what it found, and the IoU of what it takes for the same. */
const usualScore = 0.25;
const usualOverlap = 0.7;
/** Of YOLO's square where neither the graph nor its metadata says. */
const usualSide = 640;
/** Objects that graphs which leave out repetitions themselves give at most. */
const mostListed = 1000;
/** Bytes that such a network works with for each pixel of its input, measured on YOLO11. */
const bytesPerPixel = 400;

/** Knows YOLO's exports by what they take and give, and other graphs by a mapping. */
export const detectorImport: GraphImport<DetectorManifest> = {
  kinds: ['YOLOv8 and YOLO11 (detection and segmentation)', 'detectors with a mapping'],
  recognize(graphs, hints) {
    const [graph] = graphs;
    if (!graph || graphs.length !== 1) return null;
    if (hints.mapping !== undefined) return mapped(graph, hints);
    const layout = yoloLayout(graph);
    if (!layout) return null;
    const classes = classNames(graph, hints);
    const expected = layout.classes;
    const found = classes.length;
    if (expected !== null && expected !== found) {
      throw detectorFailure(
        'invalid-input',
        'classNamesCount',
        pathAnd(graph, { expected, found }),
      );
    }
    const { output } = layout;
    return recognized(graph, classes, {
      layout: output.maps === null ? 'yolo' : 'yolo-segment',
      image: { ...yoloImage, input: Object.keys(graph.inputs)[0]!, ...sidesOf(graph, hints) },
      size: null,
      output,
      mostOverlap: output.kind === 'places' ? usualOverlap : null,
    });
  },
};

const yoloImage = {
  order: 'chw',
  fit: 'letterbox',
  fill: 114,
  mean: [0, 0, 0],
  deviation: [255, 255, 255],
  colors: 'rgb',
} as const satisfies Partial<DetectorConfig['image']>;

function recognized(
  graph: GivenGraph,
  classes: string[],
  config: DetectorConfig,
): RecognizedGraphs<DetectorManifest> {
  return {
    graphs: { detector: graph },
    config,
    classes,
    minimumScore: usualScore,
    tasks: ['segment'],
    prompts: ['text', 'everything'],
    workingBytes: bytesPerPixel * config.image.width * config.image.height,
  };
}

interface YoloLayout {
  readonly output: Exclude<DetectorConfig['output'], { kind: 'lists' }>;
  /** Null where the outputs do not tell. */
  readonly classes: number | null;
}

/** YOLO's ways to give boxes, without or with maps that masks are made of. */
function yoloLayout({ inputs, outputs, metadata }: GivenGraph): YoloLayout | null {
  const [image, ...others] = Object.values(inputs);
  if (!image || others.length > 0 || image.shape.length !== 4 || image.shape[1] !== 3) return null;
  if (!isFloat(image.dtype)) return null;
  const listed = Object.entries(outputs);
  const [main] = listed.filter(({ 1: { shape } }) => shape.length === 3);
  const [shared] = listed.filter(({ 1: { shape } }) => shape.length === 4);
  if (!main || listed.length !== (shared ? 2 : 1)) return null;
  const [output, { shape }] = main;
  const count = shared ? shared[1].shape[1] : 0;
  if (typeof count !== 'number') return null;
  const maps = shared ? { output: shared[0], count } : null;
  const [rows, columns] = [shape[1], shape[2]];
  // ultralytics leaves lengths open where it does not simplify, and notes its task in any case.
  // YOLOv5 does not: its rows of an only class are as long, and repetitions are still in them.
  const isListed = typeof rows === 'number' ? rows <= mostListed : 'task' in metadata;
  if (columns === 6 + count && isListed) {
    return { output: { kind: 'objects', output, maps }, classes: null };
  }
  if (typeof rows !== 'number' && columns !== 6 && metadata['task'] === 'detect') {
    return { output: { kind: 'places', output, maps }, classes: null };
  }
  const classes = typeof rows === 'number' ? rows - 4 - count : 0;
  const isLong = typeof columns !== 'number' || columns > (rows as number);
  if (classes < 1 || !isLong) return null;
  return { output: { kind: 'places', output, maps }, classes };
}

/** Bytes divided by 255 and cut off to whole numbers would be a black photo. */
function usualDeviation(dtype: string): [number, number, number] {
  return isFloat(dtype) ? [255, 255, 255] : [1, 1, 1];
}

function isFloat(dtype: string): boolean {
  return dtype === 'float32' || dtype === 'float16';
}

/** Width and height of the input: its own where they are fixed, else what ultralytics noted. */
function sidesOf(
  { inputs, metadata }: GivenGraph,
  { side }: ImportHints,
): { width: number; height: number } {
  const [height, width] = Object.values(inputs)[0]!.shape.slice(2);
  const [ownHeight, ownWidth] = (metadata['imgsz'] ?? '').match(/\d+/g)?.map(Number) ?? [];
  const fixed = (length: number | string | undefined, noted: number | undefined) =>
    typeof length === 'number' && length > 0 ? length : (side ?? noted ?? usualSide);
  return { width: fixed(width, ownWidth), height: fixed(height, ownHeight) };
}

/** The class names that a person gives, else those of the file. */
function classNames(graph: GivenGraph, { classes }: ImportHints, mapped?: string[]): string[] {
  const names = classes ?? mapped ?? namesIn(graph.metadata['names'] ?? '');
  if (names.length > 0) return [...names];
  throw detectorFailure('invalid-input', 'classNamesMissing', pathAnd(graph, {}));
}

/** Names by index as Python writes a dictionary or a list of texts. */
function namesIn(written: string): string[] {
  const quoted = /(?:(\d+):\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;
  const named = [...written.matchAll(quoted)].map(([, label, single, double], place) => ({
    label: Number(label ?? place),
    name: (single ?? double ?? '').replaceAll(/\\(.)/g, '$1'),
  }));
  return named.sort((a, b) => a.label - b.label).map(({ name }) => name);
}

function mapped(graph: GivenGraph, hints: ImportHints): RecognizedGraphs<DetectorManifest> {
  const parsed = mappingSchema.safeParse(hints.mapping);
  if (!parsed.success) {
    const reason = z.prettifyError(parsed.error);
    throw detectorFailure('invalid-input', 'mappingUnusable', { reason });
  }
  const mapping = parsed.data;
  requireNames(graph, mapping);
  const { image, size, boxes, scores, labels, firstLabel, masks, mostOverlap } = mapping;
  return recognized(graph, classNames(graph, hints, mapping.classes), {
    layout: 'mapped',
    image: {
      ...image,
      deviation: image.deviation ?? usualDeviation(graph.inputs[image.input]!.dtype),
      ...mappedSides(graph, mapping, hints),
    },
    size,
    output: { kind: 'lists', boxes, scores, labels, firstLabel, masks },
    mostOverlap,
  });
}

function requireNames(graph: GivenGraph, mapping: Mapping): void {
  const { image, size, boxes, scores, labels, masks } = mapping;
  const wanted = [
    { names: [image.input, size?.input], known: Object.keys(graph.inputs) },
    { names: [boxes.output, scores, labels, masks], known: Object.keys(graph.outputs) },
  ];
  for (const { names, known } of wanted) {
    const name = names.find((one) => typeof one === 'string' && !known.includes(one));
    if (typeof name !== 'string') continue;
    throw detectorFailure('invalid-input', 'mappingNameUnknown', pathAnd(graph, { name, known }));
  }
}

function mappedSides(
  { inputs }: GivenGraph,
  { image }: Mapping,
  { side }: ImportHints,
): { width: number; height: number } {
  const { shape } = inputs[image.input]!;
  const [height, width] = image.order === 'chw' ? shape.slice(-2) : shape.slice(-3, -1);
  const fixed = (length: number | string | undefined, said: number | undefined) =>
    typeof length === 'number' && length > 0 ? length : (said ?? side ?? usualSide);
  return { width: fixed(width, image.width), height: fixed(height, image.height) };
}

function pathAnd<Parts extends object>({ path }: GivenGraph, parts: Parts) {
  return { path: basename(path), ...parts };
}
