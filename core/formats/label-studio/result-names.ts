import type { AttributeValue } from '../../records.ts';
import { isObject, listOf, type JsonObject } from '../json-values.ts';

/**
 * The names of the fields that say something of a region: an attribute has a field of its own
 * name, but for names that mean something else, before which stands a word.
 */

/** The field that holds the tags of an image. */
export const tagField = 'tag';

const wordBefore = 'attribute ';
const taken = /^(image|tag|label|polygon|brush|attribute .*)$/s;
const descriptions = /^(description|caption|captions|comment|text|transcription)$/i;

/** Which texts a field of text holds; null: the value of an attribute. */
export function textKindOf(name: string): 'description' | 'referring' | null {
  if (name === 'referring') return 'referring';
  return descriptions.test(name) ? 'description' : null;
}

/** The field of an attribute. */
export function fieldOf(attribute: string): string {
  const isTaken = taken.test(attribute) || textKindOf(attribute) !== null;
  return isTaken ? `${wordBefore}${attribute}` : attribute;
}

/** The attribute that a result says, if it says one simple value. */
export function attributeOf({
  type,
  value,
  from_name: from,
}: JsonObject): { name: string; value: AttributeValue } | null {
  if (typeof from !== 'string' || !isObject(value)) return null;
  const name = from.startsWith(wordBefore) ? from.slice(wordBefore.length) : from;
  const [text, ...texts] = listOf(
    typeof value['text'] === 'string' ? [value['text']] : value['text'],
  );
  const [choice, ...choices] = listOf(value['choices']);
  switch (type) {
    case 'textarea':
      return texts.length === 0 && typeof text === 'string' ? { name, value: text } : null;
    case 'choices': {
      if (choices.length > 0 || typeof choice !== 'string') return null;
      const isBoolean = choice === 'true' || choice === 'false';
      return { name, value: isBoolean ? choice === 'true' : choice };
    }
    case 'number':
      return typeof value['number'] === 'number' ? { name, value: value['number'] } : null;
    case 'rating':
      return typeof value['rating'] === 'number' ? { name, value: value['rating'] } : null;
    default:
      return null;
  }
}
