import { count } from './counted.ts';

const regions = (value: number): string => count(value, 'region', 'regions');

/** What the dialog says in which a person checks what the model found. */
export const checkRegionsTexts = {
  title: 'Check the model’s regions',
  help: 'Regions that a model made and nobody has checked. An image is done when all of its regions are accepted. Undo takes every step back.',
  waiting: (total: number) => `${regions(total)} to check`,
  empty: 'Nothing waits. “Label all images…” lets the model propose regions.',
  order: 'First shown',
  orders: { best: 'The surest', worst: 'The least sure' },
  atLeast: 'Score from',
  acceptAbove: (total: number) => `Accept ${regions(total)}`,
  accept: 'Accept',
  acceptAs: (name: string, score: string) => `Accept as ${name}, ${score}`,
  remove: 'Remove',
  show: 'Show the image',
  shown: (first: number, last: number, total: number) => `${first} to ${last} of ${total}`,
  previous: 'Previous',
  next: 'Next',
  working: 'Checking regions',
};
