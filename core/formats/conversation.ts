import type { RowText } from './dataset-row.ts';
import type { AppError } from '../errors.ts';
import { isObject, listOf } from './json-values.ts';
import { wordProblem } from './word-sentences.ts';

/** A question of a person and the answer of a model. */
export interface Exchange {
  readonly asked: string;
  readonly answered: string;
}

/** A turn as LLaVA's files have it. */
export interface Turn {
  readonly from: 'human' | 'gpt';
  readonly value: string;
}

const askers = ['human', 'user'];
const answerers = ['gpt', 'assistant'];

/** The exchanges of `conversations`. @param note told of turns that are left out */
export function readExchanges(value: unknown, note: (problem: AppError) => void): Exchange[] {
  const exchanges: Exchange[] = [];
  let asked: string | null = null;
  for (const turn of listOf(value)) {
    const own = isObject(turn) ? turn : {};
    const role = String(own['from'] ?? own['role']);
    const words = own['value'] ?? own['content'];
    if (typeof words !== 'string' || ![...askers, ...answerers].includes(role)) {
      note(wordProblem('wordsOtherRole', { role }));
    } else if (askers.includes(role)) {
      if (asked !== null) note(wordProblem('wordsUnpaired', {}));
      asked = words;
    } else if (asked === null) {
      note(wordProblem('wordsUnpaired', {}));
    } else {
      exchanges.push({ asked, answered: words });
      asked = null;
    }
  }
  if (asked !== null) note(wordProblem('wordsUnpaired', {}));
  return exchanges;
}

/** The turns of exchanges. */
export function turnsOf(exchanges: readonly Exchange[]): Turn[] {
  return exchanges.flatMap(({ asked, answered }): Turn[] => [
    { from: 'human', value: asked },
    { from: 'gpt', value: answered },
  ]);
}

/** The last line of LLaVA questions with choices, which follow one per line after their letters. */
const letterPrompt = "Answer with the option's letter from the given choices directly.";
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

type Question = Extract<RowText, { kind: 'question' }>;

/** A question as it is put, choices below it. */
export function exchangeOf({ question, choices, answer }: Question): Exchange {
  if (choices.length === 0) return { asked: question, answered: answer };
  const lines = choices.map((choice, index) => `${letters[index] ?? index + 1}. ${choice}`);
  const right = letters[choices.indexOf(answer)];
  return { asked: [question, ...lines, letterPrompt].join('\n'), answered: right ?? answer };
}

/**
 * The question of an exchange, with its choices where they stand below it as {@link exchangeOf}
 * puts them.
 */
export function questionOf({ asked, answered }: Exchange): Question {
  const lines = asked.split('\n');
  const isLettered = lines.at(-1) === letterPrompt;
  const first = lines.findIndex((line) => line.startsWith('A. '));
  const listed = isLettered && first > 0 ? lines.slice(first, -1) : [];
  const isList = listed.every((line, index) => line.startsWith(`${letters[index]}. `));
  if (listed.length === 0 || !isList) {
    return { kind: 'question', question: asked, choices: [], answer: answered };
  }
  const choices = listed.map((line) => line.slice(3));
  const letter = /^[A-Z]\.?$/.exec(answered)?.[0]?.[0] ?? '';
  const answer = choices[letters.indexOf(letter || ' ')] ?? answered;
  return { kind: 'question', question: lines.slice(0, first).join('\n'), choices, answer };
}
