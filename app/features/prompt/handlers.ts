import type { HandlersOf, Session } from '../../session.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import type { RecordId } from '../../../core/records.ts';
import { requireImage } from '../images/find-image.ts';
import { imageSource } from '../images/image-files.ts';

export const promptHandlers: HandlersOf<'prompt'> = {
  'prompt.prepare': ({ imageId }, session) =>
    session.prompts.prepare(imageId, placeOf(session, imageId)),
  // In the queue at once, so that a cancellation finds it while its photo is looked for.
  'prompt.ask': ({ requestId, imageId, request }, session) =>
    session.prompts.ask(requestId, imageId, placeOf(session, imageId), request),
  'prompt.cancel': ({ requestId }, { prompts }) => prompts.cancel(requestId),
};

function placeOf({ projects }: Session, imageId: RecordId): () => Promise<ImageSource> {
  const database = projects.require();
  const image = requireImage(database, imageId);
  return () => imageSource(database, image);
}
