import { makeItem, oneSegment, type ItemWords } from '../project/make-item.ts';
import type { Annotation, ImageRecord, Item, RecordId } from '../records.ts';
import { seededRandom } from '../seeded-random.ts';
import { taskOf, type TaskId } from '../tasks/registry.ts';
import { fewestPatches, patchesOf } from './findings.ts';
import { newSeed } from './shuffle.ts';

/** Under this name an item keeps that no person has read it yet. */
const draftKey = 'draft';

/**
 * Whether an item was made from a region alone and nobody has kept it yet. Reviews, scores and
 * exports pass over it.
 */
export function isDraftItem({ extra }: Pick<Item, 'extra'>): boolean {
  return extra[draftKey] === true;
}

/** The item as a person's own. */
export function withoutDraftMark(item: Item): Item {
  const others = Object.entries(item.extra).filter(([key]) => key !== draftKey);
  return { ...item, extra: Object.fromEntries(others) };
}

/** The inputs of the drafts of an image. */
export interface DraftedImage {
  readonly image: Pick<ImageRecord, 'id' | 'width' | 'height'>;
  /** Its regions. */
  readonly annotations: readonly Annotation[];
  /** Items that it has: a region that an item of a task is about gets no other one. */
  readonly items: readonly Item[];
  /** The names of categories by their ids. */
  readonly names: ReadonlyMap<RecordId, string>;
}

/**
 * Items that the categories and places of regions give, for a person to put right, as each task
 * drafts them. Regions without a category, crowds, and regions below four patches get none. Pure
 * but for ids and the time.
 * @param seed decides the choices and their order
 */
export function draftItems(
  { image, annotations, items, names }: DraftedImage,
  taskIds: readonly TaskId[],
  seed: number,
): Item[] {
  const usable = annotations.filter(({ crowd, area }) => {
    return !crowd && patchesOf(area, image) >= fewestPatches;
  });
  const named = usable.flatMap((annotation) => {
    const name = names.get(annotation.categoryId ?? '');
    return name === undefined ? [] : [{ annotation, name, place: placeOf(annotation, image) }];
  });
  const namesHere = named.map(({ name }) => name);
  const allNames = [...names.values()];
  const random = seededRandom(seed);
  const drafts: Item[] = [];
  for (const { annotation, name, place } of named) {
    const isTaken = (task: TaskId) =>
      items.some(
        (item) =>
          item.task === task && item.segments.some((part) => part.annotationId === annotation.id),
      );
    const isAlone =
      named.filter((other) => other.name === name && other.place === place).length === 1;
    for (const task of taskIds) {
      const { draft } = taskOf(task);
      if (!draft || isTaken(task) || (draft.needsUniqueWords && !isAlone)) continue;
      const made = draft.of({ name, place, namesHere, allNames }, newSeed(random));
      if (made === null) continue;
      const words = { task, content: made.content } as ItemWords;
      const segments = oneSegment(task, annotation.id);
      const item = makeItem(words, { imageId: image.id, segments }, { source: 'person' });
      drafts.push({ ...item, extra: { [draftKey]: true, ...made.extra } });
    }
  }
  return drafts;
}

/** In which ninth of the image the middle of a region lies, in words. */
function placeOf(
  { bbox }: Annotation,
  { width, height }: Pick<ImageRecord, 'width' | 'height'>,
): string {
  const [x, y, w, h] = bbox;
  const third = (middle: number, side: number) => Math.min(2, Math.floor((3 * middle) / side));
  const [column, row] = [third(x + w / 2, width), third(y + h / 2, height)];
  const across = (['left', null, 'right'] as const)[column];
  const down = (['top', null, 'bottom'] as const)[row];
  if (!across) return down ? `at the ${down}` : 'in the middle';
  return down ? `at the ${down} ${across}` : `on the ${across}`;
}
