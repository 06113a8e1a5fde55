import { decodeRleBox } from '../../geometry/rle.ts';
import { isBoxOfKeypoints, keypointsBox, skeletonOf } from '../../project/keypoints.ts';
import type { Split } from '../../records.ts';
import { categoryNames, type CategoryNames } from '../category-names.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { listOf } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { rowRunsOf } from '../row-major-runs.ts';
import {
  annotationNote,
  imageNote,
  pixelsOf,
  soleRing,
  writtenKeypoints,
} from '../written-notes.ts';
import { writeMeta, writtenAttributes } from './meta.ts';
import { defaultSubset } from './subsets.ts';
import type { CvatWriteOptions } from './options.ts';
import { cvatProblem } from './sentences.ts';
import { writeKeypoints } from './skeletons.ts';
import { isNode, writeNode, XmlWriter } from '../xml.ts';

type Note = (note: WrittenNote) => void;

/** Names of the subsets in CVAT's examples. */
const subsetNames: Readonly<Record<Split, string>> = {
  train: 'Train',
  validation: 'Validation',
  test: 'Test',
};

/**
 * The subset of each image by its export id; empty where no image is in any. Where some are,
 * Datumaro takes an image without one for part of each.
 */
function subsetsOf(source: DatasetSource): ReadonlyMap<number, string> {
  const subsets = new Map<number, string>();
  let isAny = false;
  for (const { exportId, image } of source.images()) {
    const kept = image.extra['cvat_subset'];
    const subset = image.split ? subsetNames[image.split] : kept;
    isAny ||= typeof subset === 'string';
    subsets.set(exportId, typeof subset === 'string' ? subset : defaultSubset);
  }
  return isAny ? subsets : new Map();
}

/** Writes `annotations.xml`, and the photos into `images`. */
export async function writeCvat(
  source: DatasetSource,
  options: CvatWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  const names = categoryNames(source, false, note);
  const xml = new XmlWriter();
  await output.stream('annotations.xml', pieces(source, names, options, xml, note));
  if (xml.lost > 0) {
    const problem = cvatProblem('cvatLetters', { count: xml.lost });
    note({ what: source.projectName, section: 'annotations', isLoss: false, problem });
  }
  if (!options.photos) return;
  for (const { fileName, image } of source.images()) {
    await output.photo(`images/${fileName}`, image.id);
  }
}

function* pieces(
  source: DatasetSource,
  names: CategoryNames,
  options: CvatWriteOptions,
  xml: XmlWriter,
  note: Note,
): Generator<string, void> {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n';
  const subsets = options.subsets ? subsetsOf(source) : new Map<number, string>();
  yield writeMeta(source, names, new Set(subsets.values()), xml, note);
  let id = 0;
  for (const image of source.images()) {
    yield writeImage(id++, image, subsets.get(image.exportId), names, xml, note);
  }
  yield '</annotations>\n';
}

function writeImage(
  id: number,
  image: SourceImage,
  subset: string | undefined,
  names: CategoryNames,
  xml: XmlWriter,
  note: Note,
): string {
  const { width, height, extra } = image.image;
  const { texts } = image;
  const attributes = {
    id,
    name: image.fileName,
    ...(subset !== undefined && { subset }),
    width,
    height,
  };
  if (texts.length > 0) {
    const problem = regionProblem('writtenTextsLeft', { count: texts.length });
    note(imageNote(image, false, problem));
  }
  const rows = image.annotations().map((each) => writeAnnotation(image, each, names, xml, note));
  const bare = listOf(extra['cvat_shapes']).filter(isNode);
  const others = bare.map((node) => `${writeNode(node, xml)}\n`);
  return `${xml.start('image', attributes)}>\n${rows.join('')}${others.join('')}</image>\n`;
}

function writeAnnotation(
  image: SourceImage,
  written: SourceAnnotation,
  names: CategoryNames,
  xml: XmlWriter,
  note: Note,
): string {
  const { annotation, category } = written;
  const shape = cvatShape(written, image);
  if (shape === null) {
    const name = category === null ? 'writtenWithoutCategory' : 'writtenEmpty';
    note(annotationNote(image, written, true, regionProblem(name, {})));
    return '';
  }
  const keypoints = writtenKeypoints(written);
  if (keypoints && !isBoxOfKeypoints(annotation)) {
    note(annotationNote(image, written, false, cvatProblem('cvatOutlineLeft', {})));
  } else if (shape.kind !== annotation.geometry.kind) {
    note(annotationNote(image, written, false, regionProblem('writtenAsMask', {})));
  }
  const [, ...further] = writtenDescription(written);
  if (further.length > 0) {
    const problem = regionProblem('writtenTextsLeft', { count: further.length });
    note(annotationNote(image, written, false, problem));
  }
  const { source, group_id: group } = annotation.extra;
  const [element, place] = keypoints ? (['skeleton', {}] as const) : placed(shape);
  const start = xml.start(element, {
    label: names.get(category!.exportId)!,
    source: typeof source === 'string' ? source : 'manual',
    occluded: annotation.attributes['occluded'] === true ? 1 : 0,
    ...place,
    z_order: annotation.zOrder,
    ...(/^\d+$/.test(String(group)) && { group_id: String(group) }),
  });
  const attributes = writtenAttributes(written).map(
    ([name, value]) => `${xml.leaf('attribute', String(value), { name })}\n`,
  );
  const points = keypoints
    ? writeKeypoints(keypoints, skeletonOf(category!.category)!.keypoints, xml)
    : '';
  return `${start}>\n${points}${attributes.join('')}</${element}>\n`;
}

/** The first description, which becomes an attribute, followed by the texts that have no place. */
function writtenDescription({ texts }: SourceAnnotation): readonly unknown[] {
  const first = texts.findIndex(({ kind }) => kind === 'description');
  return [texts[first], ...texts.filter((_, index) => index !== first)];
}

/**
 * CVAT holds boxes, masks, outlines of one part without holes, lines, tags of an image, and
 * keypoints, of which a reading gives the box.
 */
export function cvatShape(written: SourceAnnotation, { image }: SourceImage): RowShape | null {
  const { annotation, category } = written;
  const { geometry } = annotation;
  if (category === null) return null;
  const keypoints = writtenKeypoints(written);
  if (keypoints) return { kind: 'box', box: keypointsBox(keypoints)! };
  if (geometry.kind !== 'mask' && (geometry.kind !== 'polygon' || soleRing(geometry))) {
    return geometry;
  }
  const rle = pixelsOf(annotation, image);
  return rle && { kind: 'mask', rle };
}

function placed(shape: RowShape): [element: string, attributes: Record<string, string | number>] {
  switch (shape.kind) {
    case 'box': {
      const [x, y, width, height] = shape.box;
      return ['box', { xtl: x, ytl: y, xbr: x + width, ybr: y + height }];
    }
    case 'polygon':
      return ['polygon', { points: pointsText(shape.parts[0]!.outer) }];
    case 'polyline':
      return ['polyline', { points: pointsText(shape.points) }];
    case 'tag':
      return ['tag', {}];
    case 'mask': {
      const { bitmap, left, top } = decodeRleBox(shape.rle)!;
      const rle = rowRunsOf(bitmap).join(', ');
      return ['mask', { rle, left, top, width: bitmap.width, height: bitmap.height }];
    }
  }
}

function pointsText(ring: readonly number[]): string {
  const pairs = Array.from(
    { length: ring.length / 2 },
    (_, index) => `${ring[2 * index]!},${ring[2 * index + 1]!}`,
  );
  return pairs.join(';');
}
