import type { Box } from '../../geometry/shapes.ts';

/** Ids of COCO are whole numbers; some tools write strings. */
export type CocoId = number | string;

/** The keys that we read and write ourselves; all others are kept in a record's `extra`. */
export const knownKeys = {
  image: ['id', 'file_name', 'width', 'height', 'state', 'split'],
  category: ['id', 'name', 'supercategory'],
  annotation: [
    'id',
    'image_id',
    'category_id',
    'segmentation',
    'area',
    'bbox',
    'iscrowd',
    'caption',
    'attributes',
    'texts',
    'box_only',
  ],
} as const;

/**
 * The id as the rows of a section have it: some tools write `1` in one place and `"1"` in another.
 * @returns null where no row has it in either way
 */
export function knownId(id: CocoId, rows: { has(id: CocoId): boolean }): CocoId | null {
  if (rows.has(id)) return id;
  const other = typeof id === 'number' ? String(id) : Number(id);
  return String(other) === String(id) && rows.has(other) ? other : null;
}

export function isCocoId(value: unknown): value is CocoId {
  return Number.isFinite(value) || (typeof value === 'string' && value !== '');
}

/** Values of tools for a category without a parent; its own name means the same. */
const noSupercategory: readonly unknown[] = ['', 'none'];

/** The name of the parent of a category; null where its row names none. */
export function parentOf({
  name,
  supercategory,
}: Readonly<Record<string, unknown>>): string | null {
  const isParent = typeof supercategory === 'string' && supercategory !== name;
  return isParent && !noSupercategory.includes(supercategory) ? supercategory : null;
}

/** Whether a value is a box `[x, y, width, height]` of finite numbers. */
export function isBox(value: unknown): value is Box {
  return Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);
}
