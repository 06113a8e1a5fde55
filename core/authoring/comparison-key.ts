import { textOfWords, type ItemWords } from '../project/make-item.ts';
import { taskOf } from '../tasks/registry.ts';
import type { RecordId } from '../records.ts';
import { plainWords } from './words.ts';

/**
 * The comparison key of items with the same content: descriptions their text, wherever they are;
 * questions about a region their question and the region; referring questions their words and the
 * image. Case, spaces, punctuation and the names of tags are no difference. Null where nothing is
 * said. Pure.
 */
export function comparisonKey(
  item: ItemWords,
  imageId: RecordId,
  annotationIds: readonly RecordId[],
): string | null {
  const said = textOfWords(item);
  const text = said.kind === 'question' ? said.question : said.text;
  const words = plainWords(text.replace(/\[[^[\]]+\]/g, ' region '));
  if (words === '') return null;
  const places = { project: [], image: [imageId], regions: [...annotationIds].sort() };
  return [item.task, words, ...places[taskOf(item.task).repeatsWithin]].join('\n');
}
