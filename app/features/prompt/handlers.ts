import type { HandlersOf, Session } from '../../session.ts';
import type { RecordId } from '../../../core/records.ts';
import { requireImage } from '../images/find-image.ts';
import { locateImage } from '../images/image-files.ts';

export const promptHandlers: HandlersOf<'prompt'> = {
  'prompt.prepare': async ({ imageId }, session) =>
    session.prompts.prepare(imageId, await imageFile(session, imageId)),
  'prompt.ask': async ({ requestId, imageId, request }, session) =>
    session.prompts.ask(requestId, imageId, await imageFile(session, imageId), request),
  'prompt.cancel': ({ requestId }, { prompts }) => prompts.cancel(requestId),
};

function imageFile({ projects }: Session, imageId: RecordId): Promise<string> {
  const database = projects.require();
  return locateImage(database, requireImage(database, imageId));
}
