import type { AttributeDefinition, AttributeValue } from '../../core/records.ts';

/** The typed text as a value of an attribute; null if it does not fit the type. */
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
