import { decodeRleBox } from '../../geometry/rle.ts';
import type { Annotation, AttributeValue } from '../../records.ts';
import { base64Of } from '../base64.ts';
import { categoryNames, type CategoryNames } from '../category-names.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { nameOf, stemOf } from '../file-paths.ts';
import { isObject, listOf, otherKeys } from '../json-values.ts';
import { pngOfMask } from '../png-pixels.ts';
import { regionProblem } from '../region-sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { WrittenGroups } from '../written-groups.ts';
import { annotationNote, imageNote, pixelsOf, writtenTexts } from '../written-notes.ts';
import type { LabelmeWriteOptions } from './options.ts';

type Note = (note: WrittenNote) => void;

/** The version whose shapes these are; labelme writes its own over it. */
const version = '5.5.0';

/** Keys of files and shapes that are written from the records, and must not come from kept ones. */
const fileKeys = [
  ...['version', 'flags', 'shapes', 'imagePath', 'imageData', 'imageHeight', 'imageWidth'],
  ...['state', 'split', 'texts', 'labelme_image_data', 'labelme_shapes'],
];
const shapeKeys = [
  ...['label', 'points', 'group_id', 'description', 'shape_type', 'flags', 'mask'],
  ...['attributes', 'texts', 'crowd', 'id'],
];

/** Writes a file beside each photo, with the photo's name. */
export async function writeLabelme(
  source: DatasetSource,
  options: LabelmeWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  const names = categoryNames(source, false, note);
  const taken = new Set<string>();
  for (const image of source.images()) {
    const path = jsonPath(image, taken, note);
    await output.write(path, `${JSON.stringify(fileOf(image, names, options, note), null, 1)}\n`);
    if (options.photos) await output.photo(image.fileName, image.image.id);
  }
}

/**
 * labelme finds the file of `a.jpg` in `a.json`; a photo `a.png` beside it must take another name.
 */
function jsonPath(image: SourceImage, taken: Set<string>, note: Note): string {
  const usual = `${stemOf(image.fileName)}.json`;
  const path = taken.has(usual.toLowerCase()) ? `${image.fileName}.json` : usual;
  taken.add(path.toLowerCase());
  if (path !== usual) {
    note(imageNote(image, false, regionProblem('writtenFileNamed', { name: nameOf(path) })));
  }
  return path;
}

function fileOf(
  image: SourceImage,
  names: CategoryNames,
  { imageData }: LabelmeWriteOptions,
  note: Note,
): object {
  const { width, height, state, split, extra } = image.image;
  const { texts } = image;
  const shapes: object[] = [];
  const bare = listOf(extra['labelme_shapes']).filter(isObject);
  const bareGroups = bare.map((shape) => Number(shape['group_id']));
  const groups = new WrittenGroups(image.annotations(), keptGroup, bareGroups);
  for (const annotation of image.annotations()) {
    shapes.push(...shapesOf(image, annotation, names, groups, note));
  }
  const isSaid = state === 'done' || state === 'reviewed-empty';
  return {
    version,
    flags: isObject(extra['flags']) ? extra['flags'] : {},
    shapes: [...shapes, ...bare],
    imagePath: nameOf(image.fileName),
    imageData: imageData ? (extra['labelme_image_data'] ?? null) : null,
    imageHeight: height,
    imageWidth: width,
    ...(isSaid && { state }),
    ...(split && { split: splitFolders[split] }),
    ...(texts.length > 0 && { texts: writtenTexts(texts) }),
    ...otherKeys(extra, fileKeys),
  };
}

function shapesOf(
  image: SourceImage,
  written: SourceAnnotation,
  names: CategoryNames,
  groups: WrittenGroups,
  note: Note,
): object[] {
  const { annotation, category } = written;
  const shape = labelmeShape(written, image);
  if (shape === null) {
    const problem =
      category === null
        ? regionProblem('writtenWithoutCategory', {})
        : regionProblem('writtenEmpty', {});
    note(annotationNote(image, written, true, problem));
    return [];
  }
  if (annotation.geometry.kind !== shape.kind) {
    note(annotationNote(image, written, false, regionProblem('writtenAsMask', {})));
  }
  const label = names.get(category!.exportId)!;
  const group = groups.of(written, shape, (kept) =>
    note(annotationNote(image, written, false, regionProblem('writtenUngrouped', { group: kept }))),
  );
  const [flags, attributes] = flagsOf(annotation);
  const [first, ...others] = written.texts;
  const isDescribed = first?.kind === 'description' && first.text !== '';
  const texts = isDescribed ? others : written.texts;
  const common = {
    group_id: group,
    description: isDescribed ? first.text : '',
    flags,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(texts.length > 0 && { texts: writtenTexts(texts) }),
    ...(annotation.crowd && { crowd: true }),
    ...otherKeys(annotation.extra, shapeKeys),
  };
  const each = (type: string, points: object, further: object = {}) => ({
    label,
    points,
    shape_type: type,
    ...common,
    ...further,
  });
  switch (shape.kind) {
    case 'box': {
      const [x, y, width, height] = shape.box;
      const corners = [
        [x, y],
        [x + width, y + height],
      ];
      return [each('rectangle', corners, { mask: null })];
    }
    case 'polygon':
      return shape.parts.map(({ outer }) => each('polygon', pairs(outer), { mask: null }));
    case 'polyline':
      return [each('linestrip', pairs(shape.points), { mask: null })];
    case 'tag':
      return [];
    case 'mask': {
      const { bitmap, left, top } = decodeRleBox(shape.rle)!;
      const corners = [
        [left, top],
        [left + bitmap.width - 1, top + bitmap.height - 1],
      ];
      return [each('mask', corners, { mask: base64Of(pngOfMask(bitmap)) })];
    }
  }
}

/**
 * The shape that labelme can hold: boxes, lines, polygons without holes, and masks for the others;
 * null for none at all.
 */
export function labelmeShape(
  { annotation, category }: SourceAnnotation,
  { image }: SourceImage,
): RowShape | null {
  const { geometry } = annotation;
  if (category === null) return null;
  if (geometry.kind === 'box' || geometry.kind === 'polyline') return geometry;
  const isPlain =
    geometry.kind === 'polygon' && geometry.parts.every(({ holes }) => holes.length === 0);
  if (isPlain) return geometry;
  const rle = pixelsOf(annotation, image);
  return rle && { kind: 'mask', rle };
}

/** Yes and no become flags, which labelme shows; other attributes are a key of ours. */
function flagsOf({ attributes, extra }: Annotation): [flags: object, attributes: object] {
  const isFlag = ([, value]: [string, AttributeValue]): boolean => typeof value === 'boolean';
  const all = Object.entries(attributes);
  const kept = isObject(extra['attributes']) ? extra['attributes'] : {};
  return [
    Object.fromEntries(all.filter(isFlag)),
    { ...kept, ...Object.fromEntries(all.filter((entry) => !isFlag(entry))) },
  ];
}

function keptGroup({ annotation }: SourceAnnotation): number | null {
  const group = annotation.extra['group_id'];
  return Number.isSafeInteger(group) ? Number(group) : null;
}

function pairs(ring: readonly number[]): [number, number][] {
  return Array.from({ length: ring.length / 2 }, (_, index) => [
    ring[2 * index]!,
    ring[2 * index + 1]!,
  ]);
}
