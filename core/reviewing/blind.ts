import type { Item, Review } from '../records.ts';
import { choicesOf, taskOf } from '../tasks/registry.ts';

/** Whether a reviewer answers an item before they see its key: one with choices. */
export function isAnsweredBlind(item: Item | null): item is Item {
  return item !== null && (choicesOf(item)?.choices.length ?? 0) > 0;
}

/**
 * The verdict of a blind answer to an item with choices: another answer than the key is a finding,
 * which suggests the answer in place of the key.
 */
export function blindReview(item: Item, choice: string): Pick<Review, 'verdict' | 'suggestion'> {
  if (choicesOf(item)?.answer === choice) return { verdict: 'accept' };
  return { verdict: 'fix', suggestion: withAnswer(item, choice) };
}

/**
 * The item without its key. Provenance and unknown fields go too, because an imported item may
 * say the key there.
 */
export function withoutKey(item: Item): Item {
  const content = withAnswer(item, '');
  return { ...item, content, provenance: { source: 'person' }, extra: {} } as Item;
}

function withAnswer({ task, content }: Item, answer: string): Item['content'] {
  return (taskOf(task).choice?.withAnswer(content, answer) ?? content) as Item['content'];
}
