import { newSeed, seedKey, shuffled } from '../../../../../core/authoring/shuffle.ts';
import { answerPlace } from '../../../../../core/tasks/answer-place.ts';
import type { ContentOf } from '../../../../../core/tasks/registry.ts';
import { isSaid, type ItemFields } from '../item-fields.ts';

/** A question with choices in writing. */
export interface ChoiceFields {
  readonly question: string;
  /** One for each row of the form; rows may be empty. */
  readonly choices: readonly string[];
  /** The row that is the answer, from 0; null while none is. */
  readonly answerAt: number | null;
  /** The seed of the shuffled choices; null for the written order. */
  readonly seed: number | null;
}

type Content = ContentOf<'multiple-choice'>;

/** Rows that a new item starts with. */
const usualChoices = 4;

/** The rows and the marked answer of a question with choices. */
export const choiceFields: ItemFields<ChoiceFields> = {
  fieldsOf(_, item) {
    if (!item) {
      const choices = Array.from({ length: usualChoices }, () => '');
      return { question: '', choices, answerAt: null, seed: null };
    }
    const { question, choices, answer } = item.content as Content;
    const rows = choices.length > 0 ? choices : [answer];
    const answerAt = rows.indexOf(answer);
    const seed = item.extra[seedKey];
    return {
      ...{ question, choices: rows, answerAt: answerAt < 0 ? null : answerAt },
      seed: typeof seed === 'number' ? seed : null,
    };
  },
  contentOf: (_, fields) => contentOf(fields),
  isBlank: ({ question, choices }) => ![question, ...choices].some(isSaid),
  extraOf: ({ seed }) => ({ [seedKey]: seed ?? undefined }),
};

function contentOf({ question, choices, answerAt }: ChoiceFields): Content {
  const trimmed = choices.map((choice) => choice.trim());
  const answer = trimmed[answerAt ?? -1] ?? '';
  return { question: question.trim(), choices: trimmed.filter(isSaid), answer };
}

/** The fields with their choices in the order of a seed; empty rows go. */
export function withShuffledChoices(fields: ChoiceFields, seed: number = newSeed()): ChoiceFields {
  const { choices, answer } = contentOf(fields);
  const order = shuffled(choices, seed);
  const answerAt = answerPlace({ choices: order, answer });
  return { ...fields, choices: order, answerAt: answerAt < 0 ? null : answerAt, seed };
}

/** The fields with other words in a row; then the order is no longer that of the seed. */
export function withChoice(fields: ChoiceFields, row: number, words: string): ChoiceFields {
  return { ...fields, choices: fields.choices.with(row, words), seed: null };
}

/** The fields with one more choice: in the first empty row, or in a new one. */
export function withMoreChoice(fields: ChoiceFields, words: string): ChoiceFields {
  const empty = fields.choices.findIndex((choice) => !isSaid(choice));
  if (empty >= 0) return withChoice(fields, empty, words);
  return { ...fields, choices: [...fields.choices, words], seed: null };
}

export function withoutChoice(fields: ChoiceFields, row: number): ChoiceFields {
  const { answerAt } = fields;
  const moved = answerAt !== null && answerAt > row ? answerAt - 1 : answerAt;
  return {
    ...fields,
    choices: fields.choices.toSpliced(row, 1),
    answerAt: answerAt === row ? null : moved,
    seed: null,
  };
}
