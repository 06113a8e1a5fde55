import { InvalidArgumentError } from 'commander';
import { maximumPointsPerSide } from '../core/prompt.ts';

/** @throws InvalidArgumentError unless it is a whole number of at least 1. */
export function parsePositiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError(`Expected an integer of at least 1, found "${text}".`);
}

/** Upper limit of threads: more than any processor has would be refused or slow. */
const maximumThreads = 256;

/** @throws InvalidArgumentError unless it is a number of threads that a machine can have. */
export function parseThreads(text: string): number {
  const number = parsePositiveInteger(text);
  if (number <= maximumThreads) return number;
  throw new InvalidArgumentError(`Expected at most ${maximumThreads} threads, found "${text}".`);
}

/**
 * @throws InvalidArgumentError unless it is a whole number of points that a grid may have on a
 * side.
 */
export function parsePointsPerSide(text: string): number {
  const number = parsePositiveInteger(text);
  if (number <= maximumPointsPerSide) return number;
  throw new InvalidArgumentError(`Expected at most ${maximumPointsPerSide}, found "${text}".`);
}

/** Upper limit of rounds: more would not change a median. */
const mostRounds = 1000;

/** @throws InvalidArgumentError unless it is a number of rounds that ends on the same day. */
export function parseRounds(text: string): number {
  const number = parsePositiveInteger(text);
  if (number <= mostRounds) return number;
  throw new InvalidArgumentError(`Expected at most ${mostRounds}, found "${text}".`);
}

/** Networks take squares of whole cells of this many pixels, of at most 4096 pixels a side. */
const cellPixels = 16;
const mostSide = 4096;

/** @throws InvalidArgumentError unless it is a side of the square that a network takes. */
export function parseSide(text: string): number {
  const side = parsePositiveInteger(text);
  if (side % cellPixels === 0 && side <= mostSide) return side;
  throw new InvalidArgumentError(
    `Expected a multiple of ${cellPixels} of at most ${mostSide}, found "${text}".`,
  );
}

/** @throws InvalidArgumentError unless it is a number from 0 to 1. */
export function parseShare(text: string): number {
  return parseWithin(text, 0, 1, 'a number from 0 to 1');
}

/** Adds a number above 0 and up to 1 to those before it. @throws InvalidArgumentError otherwise. */
export function collectIou(text: string, before: readonly number[] = []): number[] {
  return [...before, parseWithin(text, Number.MIN_VALUE, 1, 'a number above 0 and up to 1')];
}

/** One year. */
const mostMinutes = 525_600;

/** @throws InvalidArgumentError unless it is a number of minutes above 0. */
export function parseMinutes(text: string): number {
  const expected = `a number of minutes above 0, of at most ${mostMinutes}`;
  return parseWithin(text, Number.MIN_VALUE, mostMinutes, expected);
}

/** @throws InvalidArgumentError unless it is a port number; 0 lets the system choose. */
export function parsePort(text: string): number {
  const port = parseWithin(text, 0, 65535, 'a port from 0 to 65535');
  if (Number.isInteger(port)) return port;
  throw new InvalidArgumentError(`Expected an integer, found "${text}".`);
}

/** @throws InvalidArgumentError unless it is a number within bounds. */
export function parseWithin(text: string, least: number, most: number, expected: string): number {
  const number = text.trim() === '' ? NaN : Number(text);
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`Expected ${expected}, found "${text}".`);
}
