import type { HandlersOf } from '../../session.ts';
import { removeCategory } from '../../jobs/kinds/remove-category.ts';

export const categoryHandlers: HandlersOf<'categories'> = {
  'categories.list': (_, { projects }) => projects.require().categories(),
  'categories.counts': (_, { projects }) => projects.require().categoryCounts(),
  'categories.remove': async (input, { jobs, window }) => {
    const { annotations } = await jobs.run(removeCategory, input, window);
    return { annotations };
  },
};
