import type { RowText } from './dataset-row.ts';

/** The texts that {@link writtenTexts} wrote, and how many others stand between them. */
export function readTexts(value: unknown): { texts: RowText[]; unknown: number } {
  if (!Array.isArray(value)) return { texts: [], unknown: 0 };
  const texts = value.flatMap((text: unknown) => readText(text) ?? []);
  return { texts, unknown: value.length - texts.length };
}

function readText(value: unknown): RowText | null {
  const { kind, text, question, choices, answer } = Object(value) as Record<string, unknown>;
  if ((kind === 'description' || kind === 'referring') && typeof text === 'string') {
    return { kind, text };
  }
  const isQuestion =
    kind === 'question' &&
    typeof question === 'string' &&
    typeof answer === 'string' &&
    Array.isArray(choices) &&
    choices.every((choice) => typeof choice === 'string');
  return isQuestion ? { kind, question, choices, answer } : null;
}
