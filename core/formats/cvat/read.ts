import { AppError } from '../../errors.ts';
import type { AttributeValue } from '../../records.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { otherKeys } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { splitNamed } from '../split-folders.ts';
import { Labels } from './labels.ts';
import { cvatProblem } from './sentences.ts';
import { bareElements, readShape } from './shapes.ts';
import { readSkeleton } from './skeletons.ts';
import { readXml, XmlNodeBuilder, type Attributes, type XmlEvent, type XmlNode } from '../xml.ts';
import { rowNote } from '../row-notes.ts';
import { wholeSize } from '../scale.ts';

/** Attributes of shapes and images that are read; all others are kept. */
const shapeKeys = [
  ...['label', 'occluded', 'z_order', 'points', 'rotation', 'cx', 'cy', 'rx', 'ry'],
  ...['xtl', 'ytl', 'xbr', 'ybr', 'rle', 'left', 'top', 'width', 'height'],
];
const imageKeys = ['id', 'name', 'width', 'height', 'subset'];

/** Reads every CVAT file of a folder, or the one that was given. */
export async function* readCvat(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  for (const path of await cvatFiles(files)) {
    const reader = new FileReader(path);
    try {
      for await (const events of readXml(files.chunks(path))) yield* reader.take(events);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      const reason = (thrown as Error).message;
      throw cvatProblem('cvatNotXml', { file: path, reason }, 'dataset-invalid');
    }
    yield* reader.end();
  }
}

/** The XML files of a folder, or the one that was given. */
export async function cvatFiles(files: DatasetFiles): Promise<string[]> {
  if (files.given !== null) return [files.given];
  return (await files.list()).filter((path) => /\.xml$/i.test(path));
}

interface OpenImage {
  readonly place: string;
  readonly attributes: Attributes;
  readonly nodes: XmlNode[];
}

/** Walks through one file; holds one image at a time. */
class FileReader {
  readonly #path: string;
  readonly #labels = new Labels();
  readonly #open: string[] = [];
  #node: XmlNodeBuilder | null = null;
  #labelNodes: XmlNode[] = [];
  #image: OpenImage | null = null;
  #images = 0;
  #tracks = 0;

  constructor(path: string) {
    this.#path = path;
  }

  *take(events: readonly XmlEvent[]): Generator<DatasetRow> {
    for (const event of events) {
      if (this.#node) {
        const whole = this.#node.take(event);
        if (whole === null) continue;
        this.#node = null;
        if (this.#image) this.#image.nodes.push(whole);
        else this.#labelNodes.push(whole);
      } else if (event.kind === 'open') {
        this.#enter(event.name, event.attributes);
      } else if (event.kind === 'close') {
        this.#open.pop();
        if (event.name === 'labels') yield* this.#takeLabels();
        else if (event.name === 'image' && this.#image) yield* this.#takeImage(this.#image);
      }
    }
  }

  *end(): Generator<DatasetRow> {
    if (this.#tracks === 0) return;
    yield rowNote(this.#path, true, cvatProblem('cvatTracks', { count: this.#tracks }));
  }

  #enter(name: string, attributes: Attributes): void {
    const depth = this.#open.length;
    if (depth === 0 && name !== 'annotations') {
      const parts = { file: this.#path, found: name };
      throw cvatProblem('cvatNotAnnotations', parts, 'dataset-invalid');
    }
    const isLabel = name === 'label' && this.#open.at(-1) === 'labels';
    if (this.#image || isLabel) {
      this.#node = new XmlNodeBuilder(name, attributes);
      return;
    }
    this.#open.push(name);
    if (depth !== 1) return;
    if (name === 'track') this.#tracks++;
    if (name !== 'image') return;
    const place = `${this.#path} image[${this.#images++}]`;
    this.#image = { place, attributes, nodes: [] };
  }

  *#takeLabels(): Generator<DatasetRow> {
    const labels = this.#labelNodes;
    this.#labelNodes = [];
    yield* this.#labels.take(this.#path, labels);
  }

  *#takeImage({ place, attributes, nodes }: OpenImage): Generator<DatasetRow> {
    this.#image = null;
    const { name } = attributes;
    if (name === undefined || name === '') {
      const parts = { key: 'name', expected: 'a file name', found: describe(name) };
      yield rowNote(place, true, regionProblem('regionRowWrong', parts));
      return;
    }
    const size = sizeOf(attributes);
    const key = `${this.#path} ${attributes['subset'] ?? ''}/${attributes['task_id'] ?? ''}/${name}`;
    const kept: XmlNode[] = [];
    const rows: (AnnotationRow | NoteRow)[] = [];
    nodes.forEach((node, index) => {
      const where = `${place} ${node.element}[${index}]`;
      const doubt = (problem: AppError): void => void rows.push(rowNote(where, false, problem));
      try {
        const skeleton =
          node.element === 'skeleton'
            ? this.#labels.skeletonOf(node.attributes['label'] ?? null)
            : null;
        if (bareElements.has(node.element) && !skeleton) {
          kept.push(node);
          doubt(regionProblem('regionWithoutArea', { type: node.element }));
          return;
        }
        const read = skeleton
          ? readSkeleton(node, skeleton)
          : { shape: readShape(node, size, doubt) };
        rows.push(this.#annotationRow(where, key, node, read));
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        rows.push(rowNote(where, true, thrown));
      }
    });
    yield* imageRows(place, key, name, size, attributes, kept);
    yield* rows;
  }

  #annotationRow(
    place: string,
    image: string,
    { attributes, children }: XmlNode,
    read: Pick<AnnotationRow, 'shape' | 'keypoints'>,
  ): AnnotationRow {
    const label = attributes['label'] || null;
    const values: Record<string, AttributeValue> = {};
    for (const { element, attributes: own, text } of children) {
      const name = own['name'];
      if (element !== 'attribute' || name === undefined || name === '') continue;
      values[name] = this.#labels.valueOf(label, name, text);
    }
    const { description, is_crowd: crowd, ...others } = values;
    const isDescribed = typeof description === 'string' && description !== '';
    const zOrder = Number(attributes['z_order'] ?? NaN);
    return {
      kind: 'annotation',
      place,
      image,
      category: label,
      ...read,
      crowd: crowd === true || crowd === 'true',
      ...(Number.isInteger(zOrder) && { zOrder }),
      attributes: { ...(attributes['occluded'] === '1' && { occluded: true }), ...others },
      texts: isDescribed ? [{ kind: 'description', text: description }] : [],
      extra: otherKeys(attributes, shapeKeys),
    };
  }
}

function* imageRows(
  place: string,
  key: string,
  fileName: string,
  size: ImageRow['size'],
  attributes: Attributes,
  kept: readonly XmlNode[],
): Generator<DatasetRow> {
  const { subset } = attributes;
  const split = subset === undefined ? null : splitNamed(subset);
  const isNone = subset === undefined || subset === '' || /^default$/i.test(subset);
  const isOther = !isNone && split === null;
  yield {
    kind: 'image',
    place,
    key,
    fileName,
    size,
    split,
    extra: {
      ...otherKeys(attributes, imageKeys),
      ...(isOther && { cvat_subset: subset }),
      ...(kept.length > 0 && otherKeys({ cvat_shapes: kept }, [])),
    },
  };
}

function sizeOf({ width, height }: Attributes): ImageRow['size'] {
  return wholeSize(Number(width), Number(height));
}
