import type { MethodInput } from '../../app/api/contract.ts';
import type { ImageFilter, ImageOrder } from '../../core/project/image-filter.ts';
import type { ImageState } from '../../core/records.ts';

/** Criteria of a filter besides words, state and order; null matches every value. */
type Narrowing = {
  readonly [Name in keyof Omit<Required<ImageFilter>, 'text' | 'states'>]: Exclude<
    ImageFilter[Name],
    undefined
  > | null;
};

/** Which images are listed, and in what order. */
export interface ImageCriteria extends Narrowing {
  /** Words to find in paths, texts and names of categories. */
  readonly text: string;
  readonly state: ImageState | null;
  readonly order: ImageOrder;
}

const narrowNothing: Narrowing = {
  split: null,
  hasTexts: null,
  verdict: null,
  ids: null,
  categoryId: null,
  source: null,
  scoreBelow: null,
  attribute: null,
  by: null,
};

export const everyImage: ImageCriteria = {
  text: '',
  state: null,
  order: 'path',
  ...narrowNothing,
};

/** Lets everything pass that is neither words, state nor order. */
export const widened: Partial<ImageCriteria> = narrowNothing;

function narrowings(criteria: ImageCriteria) {
  return Object.keys(narrowNothing).flatMap((name) => {
    const value = criteria[name as keyof Narrowing];
    return value === null ? [] : [[name, value] as const];
  });
}

/** How many of the criteria beside words and state narrow the list. */
export function countCriteria(criteria: ImageCriteria): number {
  return narrowings(criteria).length;
}

/** The filter as the application is asked; what lets every value pass is left out. */
export function filterOf(criteria: ImageCriteria): ImageFilter {
  const text = criteria.text.trim();
  return {
    ...(text !== '' && { text }),
    ...(criteria.state !== null && { states: [criteria.state] }),
    ...Object.fromEntries(narrowings(criteria)),
  };
}

/** The filter with its order, as a list is asked for. */
export function queryOf(
  criteria: ImageCriteria,
): Omit<MethodInput<'images.list'>, 'offset' | 'limit'> {
  return { order: criteria.order, ...filterOf(criteria) };
}

/** The criteria of a filter that was kept. */
export function criteriaOf({ states, text, ...others }: ImageFilter): ImageCriteria {
  return {
    ...everyImage,
    ...others,
    text: text ?? '',
    state: states?.[0] ?? null,
  } as ImageCriteria;
}
