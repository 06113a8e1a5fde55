import { taskOf } from '../tasks/registry.ts';
import type { Item, RecordId } from '../records.ts';
import { plainWords } from './words.ts';

/**
 * The comparison key of items with the same content: descriptions their text, wherever they are;
 * questions about a region their question and the region; referring questions their words and the
 * image. Case, spaces, punctuation and the names of tags are no difference. Null where nothing is
 * said. Pure.
 */
export function comparisonKey(
  { task, content }: Pick<Item, 'task' | 'content'>,
  imageId: RecordId,
  annotationIds: readonly RecordId[],
): string | null {
  const said = 'text' in content ? content.text : content.question;
  const words = plainWords(said.replace(/\[[^[\]]+\]/g, ' region '));
  if (words === '') return null;
  const places = { project: [], image: [imageId], regions: [...annotationIds].sort() };
  return [task, words, ...places[taskOf(task).repeatsWithin]].join('\n');
}
