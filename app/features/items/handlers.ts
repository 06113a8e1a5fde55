import type { HandlersOf } from '../../session.ts';

export const itemHandlers: HandlersOf<'items'> = {
  'items.compared': (input, { projects }) => projects.require().read('comparedItems', input),
  'items.queue': (input, { projects }) => projects.require().read('authorQueue', input),
};
