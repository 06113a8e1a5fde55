import type { AppError } from '../../errors.ts';
import type { CategoryRow } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, otherKeys, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';

/** A label as annotations refer to it, by its place in the list. */
export interface Label {
  readonly name: string;
  readonly parent: string | null;
}

/** The labels of a file; null where one cannot be used. */
export interface Labels {
  readonly labels: readonly (Label | null)[];
  readonly rows: readonly CategoryRow[];
}

/**
 * Reads `categories`: the label tree, the colours of the masks and the names of the keypoints.
 * @param fault told the place and what is wrong with a label that is left out
 */
export function readLabels(
  path: string,
  categories: unknown,
  fault: (place: string, problem: AppError) => void,
): Labels {
  const sections = isObject(categories) ? categories : {};
  const list = isObject(sections['label']) ? listOf(sections['label']['labels']) : [];
  const colors = colorsOf(sections['mask']);
  const points = pointsOf(sections['points']);
  const rows: CategoryRow[] = [];
  const labels = list.map((label, index): Label | null => {
    const place = `${path} categories.label.labels[${index}]`;
    const name = isObject(label) ? label['name'] : undefined;
    if (!isObject(label) || typeof name !== 'string' || name === '') {
      const parts = { key: 'name', expected: 'a text', found: describe(name) };
      fault(place, regionProblem('regionRowWrong', parts));
      return null;
    }
    const parent = typeof label['parent'] === 'string' ? label['parent'] || null : null;
    const color = colors.get(index);
    const extra = otherKeys(label, ['name', 'parent']);
    const held = points.get(index);
    rows.push({
      kind: 'category',
      place,
      name,
      parent,
      ...(color !== undefined && { color }),
      extra: {
        ...(listOf(extra['attributes']).length > 0 && {
          datumaro_attributes: extra['attributes']!,
        }),
        ...(held && otherKeys({ datumaro_points: held }, [])),
      },
    });
    return { name, parent };
  });
  return { labels, rows };
}

function colorsOf(mask: unknown): Map<number, string> {
  const colors = new Map<number, string>();
  for (const row of isObject(mask) ? listOf(mask['colormap']) : []) {
    if (!isObject(row)) continue;
    const channels = [row['r'], row['g'], row['b']].map(Number);
    if (!channels.every((value) => Number.isInteger(value) && value >= 0 && value < 256)) continue;
    const digits = channels.map((value) => value.toString(16).padStart(2, '0'));
    colors.set(Number(row['label_id']), `#${digits.join('')}`);
  }
  return colors;
}

function pointsOf(points: unknown): Map<number, JsonObject> {
  const held = isObject(points) ? listOf(points['items']) : [];
  return new Map(
    held.flatMap((row) =>
      isObject(row) ? [[Number(row['label_id']), otherKeys(row, ['label_id'])]] : [],
    ),
  );
}
