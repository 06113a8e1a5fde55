import type { AppError } from '../../errors.ts';
import type { CategoryRow } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, otherKeys, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { datasetProblem } from '../sentences.ts';

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
  const once = <Value>(key: string, rows: readonly (readonly [number, Value])[]) =>
    describedOnce(rows, (label) => {
      const parts = { name: nameOf(list[label]), parts: [key] };
      const place = `${path} categories.${key} label_id ${label}`;
      fault(place, datasetProblem('rowCategoryDescribed', parts));
    });
  const colors = once('mask', colorsOf(sections['mask']));
  const points = once('points', pointsOf(sections['points']));
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

/** The description of each label; a label with several descriptions has none. */
function describedOnce<Value>(
  rows: readonly (readonly [label: number, value: Value])[],
  fault: (label: number) => void,
): Map<number, Value> {
  const said = new Map<number, Value>();
  const doubled = new Set<number>();
  for (const [label, value] of rows) {
    const before = said.get(label);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(value)) {
      doubled.add(label);
    } else {
      said.set(label, value);
    }
  }
  for (const label of doubled) {
    said.delete(label);
    fault(label);
  }
  return said;
}

function nameOf(label: unknown): string {
  return isObject(label) ? String(label['name']) : '';
}

function colorsOf(mask: unknown): [label: number, color: string][] {
  const rows = isObject(mask) ? listOf(mask['colormap']).filter(isObject) : [];
  return rows.flatMap((row): [number, string][] => {
    const channels = [row['r'], row['g'], row['b']].map(Number);
    const isColor = channels.every((value) => Number.isInteger(value) && value >= 0 && value < 256);
    const digits = channels.map((value) => value.toString(16).padStart(2, '0'));
    return isColor ? [[Number(row['label_id']), `#${digits.join('')}`]] : [];
  });
}

function pointsOf(points: unknown): [label: number, held: JsonObject][] {
  const rows = isObject(points) ? listOf(points['items']).filter(isObject) : [];
  return rows.map((row) => [Number(row['label_id']), otherKeys(row, ['label_id'])]);
}
