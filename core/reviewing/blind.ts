import type { Item, Review } from '../records.ts';

type MultipleChoice = Extract<Item, { task: 'multiple-choice' }>;

/** Whether a reviewer answers an item before they see its key: one with choices. */
export function isAnsweredBlind(item: Item | null): item is MultipleChoice {
  return item?.task === 'multiple-choice' && item.content.choices.length > 0;
}

/**
 * The verdict of a blind answer: another answer than the key is a finding, which suggests the
 * answer in place of the key.
 */
export function blindReview(
  { content }: MultipleChoice,
  choice: string,
): Pick<Review, 'verdict' | 'suggestion'> {
  if (content.answer === choice) return { verdict: 'accept' };
  return { verdict: 'fix', suggestion: { ...content, answer: choice } };
}

/**
 * The item without its key. Provenance and unknown fields go too, because an imported item may
 * say the key there.
 */
export function withoutKey(item: MultipleChoice): Item {
  const content = { ...item.content, answer: '' };
  return { ...item, content, provenance: { source: 'person' }, extra: {} };
}
