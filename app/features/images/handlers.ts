import { toErrorEnvelope } from '../../../core/errors.ts';
import type { ImageQuery } from '../../../db/project.ts';
import { reads } from '../../../db/reads.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import type { HandlersOf } from '../../session.ts';
import { requireImage } from './find-image.ts';
import { findPhotoProblem } from './image-files.ts';

export const imageHandlers: HandlersOf<'images'> = {
  'images.importFolder': (input, { jobs, window }) =>
    jobs.start({ kind: 'import-images', input, window }),
  'images.list': async ({ offset, limit, ...filter }, { projects }) => {
    const database = projects.require();
    const query = { ...withoutUndefined(filter), offset, limit };
    const { total, rows } = isReadByIndex(query)
      ? reads.imagePage(database, query)
      : await database.read('imagePage', query);
    return { total, offset, rows };
  },
  'images.place': async ({ imageId, ...filter }, { projects }) => {
    const database = projects.require();
    requireImage(database, imageId);
    const query = withoutUndefined(filter);
    return (await database.read('imagePlace', { imageId, query }))!;
  },
  'images.document': ({ imageId, isBlind = false }, { projects, windows, window }) => {
    windows.setBlind(window, isBlind);
    const database = projects.require();
    const image = requireImage(database, imageId);
    return {
      image,
      annotations: database.annotations(imageId),
      items: isBlind ? [] : database.items(imageId),
      reviews: isBlind ? [] : database.reviews(imageId),
    };
  },
  'images.problem': async ({ imageId }, { projects }) => {
    const database = projects.require();
    const problem = await findPhotoProblem(database, requireImage(database, imageId));
    return problem && toErrorEnvelope(problem);
  },
};

/**
 * Whether a list is read in the order of an index, without looking at the images that it leaves
 * out.
 */
function isReadByIndex(query: ImageQuery): boolean {
  const ofIndexes = ['states', 'order', 'offset', 'limit'];
  if (query.order === 'to-check') return false;
  return Object.keys(query).every((criterion) => ofIndexes.includes(criterion));
}
