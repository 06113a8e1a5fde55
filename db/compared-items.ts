import { comparisonKey } from '../core/authoring/comparison-key.ts';
import type { Item } from '../core/records.ts';
import { answerPlace } from '../core/tasks/answer-place.ts';
import { choicesOf } from '../core/tasks/registry.ts';
import type { ComparedItem } from './project.ts';

/** More are not compared with what is written; a window holds them all. */
export const mostCompared = 20_000;

export function comparedItem(item: Item): ComparedItem {
  const { id, imageId, segments } = item;
  const annotationIds = segments.map(({ annotationId }) => annotationId);
  const choice = choicesOf(item);
  return {
    itemId: id,
    imageId,
    key: comparisonKey(item, imageId, annotationIds),
    answerAt: choice ? answerPlace(choice) : -1,
    choices: choice?.choices.length ?? 0,
  };
}
