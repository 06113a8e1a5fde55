import { rleBox } from '../../geometry/rle.ts';
import type { Box, Rle } from '../../geometry/shapes.ts';
import { vocColor, type Color, type LabelImage } from '../label-image.ts';
import { masksByValue } from '../masks-by-value.ts';
import { borderColor, borderIndex, type VocClass } from './label-map.ts';

/** An object of `SegmentationObject`. */
export interface ObjectMask {
  /**
   * Its number, which is its place among the objects of the XML, from 1; null where only classes
   * are known.
   */
  readonly number: number | null;
  /** Null where the pixels of the class say nothing that is known. */
  readonly className: string | null;
  /** The value that stands for the class, where it is not known. */
  readonly classValue: string;
  /** The names of the classes that the pixels may mean, where they are several; else null. */
  readonly sharedBy: readonly string[] | null;
  readonly rle: Rle;
  readonly box: Box;
}

/**
 * The objects of a pair of masks; without `objects` each class is one object, and without
 * `classes` they have none.
 * @throws Error when an image has so many values that it must be a photo.
 */
export function objectMasks(
  objects: LabelImage | null,
  classes: LabelImage | null,
  known: readonly VocClass[],
): ObjectMask[] {
  const labels = objects ?? classes;
  if (labels === null) return [];
  const masks = masksByValue(labels, valuesLeftOut(labels));
  const classOf = classes && objects ? classAtObjects(objects, classes) : null;
  return [...masks].map(([value, rle]) => {
    const classValue = objects === null ? value : (classOf?.get(value) ?? null);
    const names = classValue === null ? [] : namesOf(classValue, classes!, known);
    return {
      number: objects === null ? null : numberOf(value, objects),
      className: names.length === 1 ? names[0]! : null,
      classValue: classValue === null ? 'nothing' : String(classValue),
      sharedBy: names.length > 1 ? names : null,
      rle,
      box: rleBox(rle),
    };
  });
}

function valuesLeftOut({ kind }: LabelImage): ReadonlySet<number> {
  return kind === 'color' ? new Set([0, borderColor]) : new Set([0, borderIndex]);
}

/** The class that most pixels of each object have. */
function classAtObjects(objects: LabelImage, classes: LabelImage): Map<number, number | null> {
  const counts = new Map<number, Map<number, number>>();
  const leftOut = valuesLeftOut(classes);
  for (let index = 0; index < objects.values.length; index++) {
    const [object, found] = [objects.values[index]!, classes.values[index]!];
    if (object === 0 || leftOut.has(found)) continue;
    let count = counts.get(object);
    if (!count) counts.set(object, (count = new Map<number, number>()));
    count.set(found, (count.get(found) ?? 0) + 1);
  }
  return new Map(
    [...counts].map(([object, count]) => [
      object,
      [...count].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0],
    ]),
  );
}

/** The classes of a value: those of its colour, else that at its place in the list. */
function namesOf(value: number, image: LabelImage, known: readonly VocClass[]): string[] {
  const color: Color | undefined = image.kind === 'color' ? value : image.palette[value];
  const byColor = new Set(known.filter((each) => each.color === color).map(({ name }) => name));
  const placed = image.kind === 'color' ? undefined : known[value]?.name;
  if (placed !== undefined && (byColor.size === 0 || byColor.has(placed))) return [placed];
  return [...byColor];
}

const numbersOfColors = new Map(
  Array.from({ length: 256 }, (_, index) => [vocColor(index), index]),
);

function numberOf(value: number, { kind }: LabelImage): number | null {
  return kind === 'color' ? (numbersOfColors.get(value) ?? null) : value;
}
