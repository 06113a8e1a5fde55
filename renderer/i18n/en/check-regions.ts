import { count } from './counted.ts';

const regions = (value: number): string => count(value, 'region', 'regions');

/** Texts of the dialog for checking the model’s regions. */
export const checkRegionsTexts = {
  title: 'Check the model’s regions',
  help: 'Unchecked regions of a model. An image is done when all of its regions are accepted. Every step can be undone.',
  waiting: (total: number) => `${regions(total)} to check`,
  empty: 'No regions to check. “Label all images…” lets the model propose regions.',
  order: 'Order',
  orders: { best: 'Highest score first', worst: 'Lowest score first' },
  atLeast: 'Minimum score',
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
