import { z } from 'zod';
import type { Part } from '../geometry/shapes.ts';
import type { AnnotationRow } from './dataset-row.ts';
import { optionWords } from './options.ts';

/** Whether polygons of one group are united. */
export const groupsOption = z
  .enum(['one', 'each'])
  .default('one')
  .meta(
    optionWords(
      {
        title: 'Polygons of one label and group',
        choices: { one: 'One region with several parts', each: 'A region each' },
      },
      {
        title: '同一标签、同一组的多边形',
        choices: { one: '作为一个有多个部分的区域', each: '各自作为区域' },
      },
    ),
  );

/**
 * Unites polygons that a format without parts writes one by one: those of one group and category
 * become the parts of the first of them.
 * @param groupOf null for what is in no group
 */
export function unitedGroups(
  annotations: readonly AnnotationRow[],
  groupOf: (annotation: AnnotationRow) => number | null,
): AnnotationRow[] {
  const firsts = new Map<string, number>();
  const united: AnnotationRow[] = [];
  for (const annotation of annotations) {
    const group = annotation.shape.kind === 'polygon' ? groupOf(annotation) : null;
    if (group === null) {
      united.push(annotation);
      continue;
    }
    const key = JSON.stringify([group, annotation.category, annotation.categoryParent]);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, united.length);
      united.push(annotation);
    } else {
      const before = united[first]!;
      const parts = [...partsOf(before), ...partsOf(annotation)];
      united[first] = { ...before, shape: { kind: 'polygon', parts } };
    }
  }
  return united;
}

function partsOf({ shape }: AnnotationRow): readonly Part[] {
  return shape.kind === 'polygon' ? shape.parts : [];
}
