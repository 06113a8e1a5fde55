import type { AttributeDefinition, AttributeValue } from '../../core/records.ts';

/** What was typed, as a value of an attribute; null where it is none of its type. */
export function attributeValueOf(
  { type, choices }: Pick<AttributeDefinition, 'type' | 'choices'>,
  typed: string,
): AttributeValue | null {
  const words = typed.trim();
  if (words === '') return null;
  if (type === 'number') return Number.isFinite(Number(words)) ? Number(words) : null;
  if (type === 'boolean') return { true: true, false: false }[words.toLowerCase()] ?? null;
  return type === 'choice' && !choices.includes(words) ? null : words;
}
