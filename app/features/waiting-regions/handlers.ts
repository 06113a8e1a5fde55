import { z } from 'zod';
import { geometryRle } from '../../../core/geometry/region.ts';
import { otherNamesKey, type OtherName } from '../../../core/project/batch-masks.ts';
import type { Annotation } from '../../../core/records.ts';
import type { HandlersOf } from '../../session.ts';

export const waitingRegionHandlers: HandlersOf<'regions'> = {
  'regions.waiting': async (query, { projects }) => {
    const database = projects.require();
    const { rows, ...counted } = await database.read('waitingRegions', query);
    const categories = new Map(database.categories().map((category) => [category.id, category]));
    const shown = rows.flatMap((row) => {
      const annotation = database.annotation(row.id);
      const image = database.image(row.imageId);
      // They may be gone since the queue was read.
      if (!annotation || !image) return [];
      const { width, height } = image;
      const found = annotation.categoryId && categories.get(annotation.categoryId);
      return {
        ...row,
        size: { width, height },
        rle: geometryRle(annotation.geometry, width, height),
        category: found ? { name: found.name, color: found.color } : null,
        otherNames: otherNamesOf(annotation),
      };
    });
    return { ...counted, rows: shown };
  },
};

const otherNames = z.array(z.object({ category: z.string(), score: z.number() }));

function otherNamesOf({ extra }: Annotation): OtherName[] {
  const parsed = otherNames.safeParse(extra[otherNamesKey]);
  return parsed.success ? parsed.data : [];
}
