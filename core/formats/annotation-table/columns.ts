import { enclosesPixels, geometryRle } from '../../geometry/region.ts';
import type { SourceAnnotation, SourceImage } from '../dataset-row.ts';
import { writtenTexts } from '../written-notes.ts';

export type Cell = string | number | boolean | null;

/** A column of a table of annotations. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN';
  readonly of: (written: SourceAnnotation, image: SourceImage) => Cell;
}

/**
 * The columns that every table has: ids as in the other exports, coordinates in pixels, lists and
 * objects as JSON.
 */
const columns: readonly TableColumn[] = [
  { name: 'annotation_id', type: 'INT32', of: ({ exportId }) => exportId },
  { name: 'image_id', type: 'INT32', of: (_, { exportId }) => exportId },
  { name: 'file_name', type: 'STRING', of: (_, { fileName }) => fileName },
  { name: 'image_width', type: 'INT32', of: (_, { image }) => image.width },
  { name: 'image_height', type: 'INT32', of: (_, { image }) => image.height },
  { name: 'image_state', type: 'STRING', of: (_, { image }) => image.state },
  { name: 'split', type: 'STRING', of: (_, { image }) => image.split },
  { name: 'category', type: 'STRING', of: ({ category }) => category?.category.name ?? null },
  { name: 'parent_category', type: 'STRING', of: ({ category }) => category?.parentName ?? null },
  { name: 'region', type: 'STRING', of: ({ annotation }) => annotation.geometry.kind },
  { name: 'x', type: 'DOUBLE', of: ({ annotation }) => annotation.bbox[0] },
  { name: 'y', type: 'DOUBLE', of: ({ annotation }) => annotation.bbox[1] },
  { name: 'width', type: 'DOUBLE', of: ({ annotation }) => annotation.bbox[2] },
  { name: 'height', type: 'DOUBLE', of: ({ annotation }) => annotation.bbox[3] },
  { name: 'area', type: 'DOUBLE', of: ({ annotation }) => annotation.area },
  { name: 'crowd', type: 'BOOLEAN', of: ({ annotation }) => annotation.crowd },
  { name: 'z_order', type: 'INT32', of: ({ annotation }) => annotation.zOrder },
  { name: 'attributes', type: 'STRING', of: ({ annotation }) => json(annotation.attributes) },
  { name: 'texts', type: 'STRING', of: ({ texts }) => textsOf(texts) },
  { name: 'source', type: 'STRING', of: ({ annotation }) => annotation.provenance.source },
  { name: 'model', type: 'STRING', of: (written) => modelOf(written)?.model.id ?? null },
  { name: 'score', type: 'DOUBLE', of: (written) => modelOf(written)?.score ?? null },
  { name: 'created_at', type: 'STRING', of: ({ annotation }) => timeOf(annotation.createdAtMs) },
  { name: 'updated_at', type: 'STRING', of: ({ annotation }) => timeOf(annotation.updatedAtMs) },
];

const segmentation: TableColumn = {
  name: 'segmentation',
  type: 'STRING',
  of: ({ annotation: { geometry } }, { image }) =>
    enclosesPixels(geometry)
      ? JSON.stringify(geometryRle(geometry, image.width, image.height))
      : null,
};

/** The columns of a table, with the pixels of each region as COCO RLE where they are asked for. */
export function tableColumns(hasPixels: boolean): readonly TableColumn[] {
  return hasPixels ? [...columns, segmentation] : columns;
}

function json(value: object): string | null {
  return Object.keys(value).length === 0 ? null : JSON.stringify(value);
}

function textsOf(texts: SourceAnnotation['texts']): string | null {
  return texts.length === 0 ? null : JSON.stringify(writtenTexts(texts));
}

function modelOf({ annotation: { provenance } }: SourceAnnotation) {
  return provenance.source === 'model' ? provenance : null;
}

/** ISO 8601, in UTC. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
