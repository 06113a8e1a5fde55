import { categoryNames, type CategoryNames } from '../category-names.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceCategory,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { stemOf } from '../file-paths.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { isObject, listOf, otherKeys, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { splitFolders } from '../split-folders.ts';
import { WrittenGroups } from '../written-groups.ts';
import { annotationNote, pixelsOf, writtenTexts } from '../written-notes.ts';
import type { DatumaroWriteOptions } from './options.ts';

type Note = (note: WrittenNote) => void;

const annotationKeys = [
  ...['id', 'type', 'attributes', 'group', 'label_id', 'z_order'],
  ...['bbox', 'points', 'rle', 'caption', 'texts'],
];
const imageKeys = ['id', 'annotations', 'attr', 'image', 'media'];

/** Writes a file for each subset: the splits, and what the import called otherwise. */
export async function writeDatumaro(
  source: DatasetSource,
  options: DatumaroWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  const names = categoryNames(source, true, note);
  const subsets = new Set<string>();
  for (const image of source.images()) subsets.add(subsetOf(image));
  if (subsets.size === 0) subsets.add('default');
  const head = headOf(source.categories, names);
  for (const subset of subsets) {
    const items = itemsOf(source, subset, names, note);
    await output.stream(`annotations/${subset}.json`, jsonListPieces(head, items, ']}\n'));
  }
  if (!options.photos) return;
  for (const image of source.images()) {
    await output.photo(`images/${subsetOf(image)}/${image.fileName}`, image.image.id);
  }
}

/** A subset becomes the name of a file and of a folder. */
function subsetOf({ image }: SourceImage): string {
  if (image.split) return splitFolders[image.split];
  const kept = image.extra['datumaro_subset'];
  return typeof kept === 'string' && /^[\p{L}\p{N}_-]+$/u.test(kept) ? kept : 'default';
}

function headOf(categories: readonly SourceCategory[], names: CategoryNames): string {
  const idOf = new Map(categories.map(({ category, exportId }) => [category.id, exportId]));
  const labels = categories.map(({ exportId, category }) => {
    const parent = category.parentId === null ? undefined : idOf.get(category.parentId);
    return {
      name: names.get(exportId)!,
      parent: parent === undefined ? '' : names.get(parent)!,
      attributes: [
        ...category.attributes.map(({ name }) => name),
        ...listOf(category.extra['datumaro_attributes']),
      ],
    };
  });
  const colormap = categories.map(({ category: { color } }, index) => ({
    label_id: index,
    r: parseInt(color.slice(1, 3), 16),
    g: parseInt(color.slice(3, 5), 16),
    b: parseInt(color.slice(5, 7), 16),
  }));
  const points = categories.flatMap(({ category }, index) => {
    const held = category.extra['datumaro_points'];
    return isObject(held) ? [{ label_id: index, ...held }] : [];
  });
  const sections = {
    label: { labels, label_groups: [], attributes: [] },
    mask: { colormap },
    ...(points.length > 0 && { points: { items: points } }),
  };
  return (
    '{"dm_format_version":"1.0","media_type":2,"infos":{},\n' +
    `"categories":${JSON.stringify(sections)},\n"items":[`
  );
}

function* itemsOf(
  source: DatasetSource,
  subset: string,
  names: CategoryNames,
  note: Note,
): Generator<object, void> {
  const numbers = new Map(source.categories.map(({ exportId }, index) => [exportId, index]));
  const numberOfName = new Map([...names].map(([id, name]) => [name, numbers.get(id)!]));
  const ids = new Set<string>();
  for (const image of source.images()) {
    if (subsetOf(image) !== subset) continue;
    // Two photos that differ in their endings only must not become one item.
    const stem = stemOf(image.fileName);
    const id = ids.has(stem) ? image.fileName : stem;
    ids.add(id);
    const { width, height, state, extra } = image.image;
    const { texts } = image;
    const captions = texts.filter(({ kind }) => kind === 'description');
    const others = texts.filter(({ kind }) => kind !== 'description');
    const isSaid = state === 'done' || state === 'reviewed-empty';
    const kept = extra['datumaro_attributes'];
    yield {
      id,
      annotations: [
        ...regionsOf(image, numbers, note),
        ...captions.map((text) => ({
          id: 0,
          type: 'caption',
          attributes: {},
          group: 0,
          caption: text.kind === 'description' ? text.text : '',
        })),
        ...listOf(extra['datumaro_annotations'])
          .filter(isObject)
          .map((held) => numbered(held, numberOfName)),
      ],
      attr: {
        ...(isObject(kept) && kept),
        ...(isSaid && { state }),
        ...(others.length > 0 && { texts: writtenTexts(others) }),
      },
      image: { path: image.fileName, size: [height, width] },
      ...otherKeys(extra, [...imageKeys, ...ownExtra]),
    };
  }
}

const ownExtra = ['datumaro_subset', 'datumaro_attributes', 'datumaro_annotations'];

function numbered({ label, ...others }: JsonObject, numbers: ReadonlyMap<string, number>): object {
  const id = typeof label === 'string' ? numbers.get(label) : undefined;
  return id === undefined ? others : { ...others, label_id: id };
}

function regionsOf(image: SourceImage, numbers: ReadonlyMap<number, number>, note: Note): object[] {
  const all = image.annotations();
  const bare = listOf(image.image.extra['datumaro_annotations']).filter(isObject);
  const bareGroups = bare.map(({ group }) => Number(group));
  const groups = new WrittenGroups(all, keptGroup, bareGroups);
  return all.flatMap((written): object[] => {
    const shape = datumaroShape(written, image);
    if (shape === null) {
      const isTag = written.annotation.geometry.kind === 'tag';
      const name = isTag ? 'writtenWithoutCategory' : 'writtenEmpty';
      note(annotationNote(image, written, true, regionProblem(name, {})));
      return [];
    }
    const { annotation, category } = written;
    if (shape.kind !== annotation.geometry.kind) {
      note(annotationNote(image, written, false, regionProblem('writtenAsMask', {})));
    }
    const group = groups.of(written, shape, (kept) =>
      note(
        annotationNote(image, written, false, regionProblem('writtenUngrouped', { group: kept })),
      ),
    );
    const common = {
      id: written.exportId,
      attributes: attributesOf(written),
      group: group ?? 0,
      ...(category && { label_id: numbers.get(category.exportId)! }),
      z_order: annotation.zOrder,
      ...otherKeys(annotation.extra, annotationKeys),
    };
    switch (shape.kind) {
      case 'box':
        return [{ type: 'bbox', ...common, bbox: shape.box }];
      case 'polygon':
        return shape.parts.map(({ outer }) => ({ type: 'polygon', ...common, points: outer }));
      case 'mask':
        return [{ type: 'mask', ...common, rle: shape.rle }];
      case 'polyline':
        return [{ type: 'polyline', ...common, points: shape.points }];
      case 'tag':
        return [{ type: 'label', ...common }];
    }
  });
}

/**
 * Datumaro holds boxes, masks, lines, labels of an image, and polygons without holes, of which
 * several in a group are one region.
 */
export function datumaroShape(
  { annotation, category }: SourceAnnotation,
  { image }: SourceImage,
): RowShape | null {
  const { geometry } = annotation;
  if (geometry.kind === 'box' || geometry.kind === 'polyline') return geometry;
  if (geometry.kind === 'tag') return category && geometry;
  const isPlain =
    geometry.kind === 'polygon' && geometry.parts.every(({ holes }) => holes.length === 0);
  if (isPlain) return geometry;
  const rle = pixelsOf(annotation, image);
  return rle && { kind: 'mask', rle };
}

function attributesOf({ annotation, texts }: SourceAnnotation): object {
  const { attributes, crowd, extra } = annotation;
  const [first, ...others] = texts;
  const isDescribed = first?.kind === 'description' && first.text !== '';
  const left = isDescribed ? others : texts;
  return {
    ...(isObject(extra['attributes']) && extra['attributes']),
    ...attributes,
    ...(crowd && { is_crowd: true }),
    ...(isDescribed && { description: first.text }),
    ...(left.length > 0 && { texts: writtenTexts(left) }),
  };
}

function keptGroup({ annotation }: SourceAnnotation): number | null {
  const { group } = annotation.extra;
  return Number.isSafeInteger(group) && Number(group) > 0 ? Number(group) : null;
}
