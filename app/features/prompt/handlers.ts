import type { HandlersOf, Session } from '../../session.ts';
import { neededTask, type ModelRequest } from '../../../core/prompt.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import type { RecordId } from '../../../core/records.ts';
import { requireImage } from '../images/find-image.ts';
import { imageSource } from '../images/image-files.ts';

export const promptHandlers: HandlersOf<'prompt'> = {
  'prompt.prepare': ({ imageId }, session) =>
    session.prompts.prepare(imageId, placeOf(session, imageId)),
  // In the queue at once, so that a cancellation finds it while its photo is looked for.
  'prompt.ask': ({ requestId, imageId, request, of }, session) =>
    seatFor(session, request, of).prompts.ask(
      requestId,
      imageId,
      placeOf(session, imageId),
      request,
    ),
  'prompt.cancel': ({ requestId }, session) => {
    for (const { prompts } of [session, session.words, session.other]) prompts.cancel(requestId);
    return null;
  },
};

/** The model that answers: the one for words if there is one, else the one for masks. */
function seatFor(
  session: Session,
  request: ModelRequest,
  of: 'chosen' | 'other' | undefined,
): Pick<Session, 'prompts'> {
  if (of === 'other') return session.other;
  const isOfWords =
    neededTask(request) !== 'segment' && session.words.engine.status.state !== 'stopped';
  return isOfWords ? session.words : session;
}

function placeOf({ projects }: Session, imageId: RecordId): () => Promise<ImageSource> {
  const database = projects.require();
  const image = requireImage(database, imageId);
  return () => imageSource(database, image);
}
