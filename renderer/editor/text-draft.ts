import { newId } from '../../core/ids.ts';
import type { TextRecord } from '../../core/records.ts';

export const textKinds = ['description', 'referring', 'question'] as const;
export type TextKind = (typeof textKinds)[number];

/** A text while a person writes it. */
export interface TextDraft {
  readonly kind: TextKind;
  /** Of a description or a referring expression. */
  readonly words: string;
  readonly question: string;
  /** One choice a line. */
  readonly choices: string;
  readonly answer: string;
}

export function emptyDraft(kind: TextKind): TextDraft {
  return { kind, words: '', question: '', choices: '', answer: '' };
}

export function draftOf(record: TextRecord): TextDraft {
  if (record.kind !== 'question') return { ...emptyDraft(record.kind), words: record.text };
  const { kind, question, choices, answer } = record;
  return { ...emptyDraft(kind), question, choices: choices.join('\n'), answer };
}

export function choicesOf({ choices }: TextDraft): string[] {
  return choices
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is still missing or wrong; null when the text can be kept. */
export type DraftProblem = 'empty' | 'no-answer' | 'answer-not-a-choice' | 'answer-inside-choice';

/**
 * Checks a text before it is kept. Readers of multiple choice look for the answer inside what the model says,
 * so an answer must not be a part of another choice.
 */
export function problemOf(draft: TextDraft): DraftProblem | null {
  if (draft.kind !== 'question') return draft.words.trim() === '' ? 'empty' : null;
  if (draft.question.trim() === '') return 'empty';
  const answer = draft.answer.trim();
  if (answer === '') return 'no-answer';
  const choices = choicesOf(draft);
  if (choices.length === 0) return null;
  if (!choices.includes(answer)) return 'answer-not-a-choice';
  const others = choices.filter((choice) => choice !== answer);
  return others.some((choice) => choice.includes(answer)) ? 'answer-inside-choice' : null;
}

/** The record of a person's text: a new one, or the one that is edited, whose words are then a person's. */
export function recordOf(draft: TextDraft, edited: TextRecord | null): TextRecord {
  const base = { id: edited?.id ?? newId(), provenance: { source: 'person' as const } };
  if (draft.kind !== 'question') return { ...base, kind: draft.kind, text: draft.words.trim() };
  return {
    ...base,
    kind: 'question',
    question: draft.question.trim(),
    choices: choicesOf(draft),
    answer: draft.answer.trim(),
  };
}
