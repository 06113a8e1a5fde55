import { formatsOf } from '../formats.ts';

const { number } = formatsOf('en');
const plurals = new Intl.PluralRules('en');

/** A number with what is counted. */
export function count(value: number, one: string, many: string): string {
  return `${number(value)} ${plurals.select(value) === 'one' ? one : many}`;
}

export const images = (value: number): string => count(value, 'image', 'images');
export const annotations = (value: number): string => count(value, 'annotation', 'annotations');
