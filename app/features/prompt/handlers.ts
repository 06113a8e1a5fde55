import { seatFor, type HandlersOf, type Session } from '../../session.ts';
import { neededTask, type ModelRequest } from '../../../core/prompt.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import type { RecordId } from '../../../core/records.ts';
import { requireImage } from '../images/find-image.ts';
import { imageSource } from '../images/image-files.ts';
import type { Prompts } from './prompts.ts';

export const promptHandlers: HandlersOf<'prompt'> = {
  'prompt.prepare': ({ imageId }, session) =>
    session.prompts.prepare(imageId, placeOf(session, imageId)),
  // In the queue at once, so that a cancellation finds it while its photo is looked for.
  'prompt.ask': ({ requestId, imageId, request, of }, session) =>
    queueFor(session, request, of).ask(requestId, imageId, placeOf(session, imageId), request),
  'prompt.cancel': ({ requestId }, session) => {
    for (const { prompts } of [session, session.words, session.other]) prompts.cancel(requestId);
    return null;
  },
};

/** The queue of the model that answers. */
function queueFor(
  session: Session,
  request: ModelRequest,
  of: 'chosen' | 'other' | undefined,
): Prompts {
  if (of === 'other') return session.other.prompts;
  return seatFor(session, neededTask(request) === 'segment' ? 'masks' : 'words').prompts;
}

function placeOf({ projects }: Session, imageId: RecordId): () => Promise<ImageSource> {
  const database = projects.require();
  const image = requireImage(database, imageId);
  return () => imageSource(database, image);
}
