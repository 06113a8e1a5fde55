import { answerPlace } from '../core/authoring/choices.ts';
import { comparisonKey } from '../core/authoring/comparison-key.ts';
import type { Item } from '../core/records.ts';
import type { ComparedItem } from './project.ts';

/** More are not compared with what is written; a window holds them all. */
export const mostCompared = 20_000;

export function comparedItem(item: Item): ComparedItem {
  const { id, imageId, segments } = item;
  const annotationIds = segments.map(({ annotationId }) => annotationId);
  const isChoice = item.task === 'multiple-choice';
  return {
    itemId: id,
    imageId,
    key: comparisonKey(item, imageId, annotationIds),
    answerAt: isChoice ? answerPlace(item.content) : -1,
    choices: isChoice ? item.content.choices.length : 0,
  };
}
