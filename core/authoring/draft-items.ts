import { makeItem, oneSegment, referringWords, type ItemWords } from '../project/make-item.ts';
import type { Annotation, ImageRecord, Item, RecordId } from '../records.ts';
import { seededRandom, shuffle } from '../seeded-random.ts';
import type { TaskId } from '../tasks/registry.ts';
import { fewestPatches, patchesOf } from './findings.ts';
import { newSeed, seedKey, shuffled } from './shuffle.ts';
import { plainWords } from './words.ts';

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

/** How many wrong choices a drafted question gets at most. */
const mostDistractors = 3;

/**
 * Items that the categories and places of regions give, for a person to put right: a description,
 * a question for the category, and words that only one region of the image fits. Regions without
 * a category, crowds, and regions below four patches get none. Pure but for ids and the time.
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
    const namesHere = named.map((other) => other.name);
    for (const task of taskIds) {
      if (isTaken(task) || (task === 'referring' && !isAlone)) continue;
      const choiceSeed = newSeed(random);
      const words = wordsOf(task, { name, place }, namesHere, [...names.values()], choiceSeed);
      if (words === null) continue;
      const segments = oneSegment(task, annotation.id);
      const made = makeItem(words, { imageId: image.id, segments }, { source: 'person' });
      const extra = {
        [draftKey]: true,
        ...(task === 'multiple-choice' && { [seedKey]: choiceSeed }),
      };
      drafts.push({ ...made, extra });
    }
  }
  return drafts;
}

interface NamedPlace {
  readonly name: string;
  readonly place: string;
}

function wordsOf(
  task: TaskId,
  { name, place }: NamedPlace,
  namesHere: readonly string[],
  allNames: readonly string[],
  seed: number,
): ItemWords | null {
  switch (task) {
    case 'description':
      return { task, content: { text: `${withArticle(name)} ${place} of the photo.` } };
    case 'referring':
      return referringWords(`the ${name} ${place} of the photo`);
    case 'multiple-choice': {
      const others = [...namesHere, ...shuffle(allNames, seededRandom(seed))];
      const wrong = usableChoices(others, name).slice(0, mostDistractors);
      if (wrong.length === 0) return null;
      const choices = shuffled([name, ...wrong], seed);
      return { task, content: { question: 'What is this?', choices, answer: name } };
    }
  }
}

/** Names that are not the answer, do not contain it and do not lie in it, each once. */
function usableChoices(names: readonly string[], answer: string): string[] {
  const right = plainWords(answer);
  const taken = new Set<string>();
  return names.filter((name) => {
    const plain = plainWords(name);
    if (plain === '' || taken.has(plain)) return false;
    if (plain.includes(right) || right.includes(plain)) return false;
    taken.add(plain);
    return true;
  });
}

function withArticle(name: string): string {
  return `${/^[aeiou]/i.test(name) ? 'An' : 'A'} ${name}`;
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
