import type { HandlersOf, Session } from '../../session.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import type { RecordId } from '../../../core/records.ts';
import { requireImage } from '../images/find-image.ts';
import { imageSource } from '../images/image-files.ts';

export const promptHandlers: HandlersOf<'prompt'> = {
  'prompt.prepare': async ({ imageId }, session) =>
    session.prompts.prepare(imageId, await sourceOf(session, imageId)),
  'prompt.ask': async ({ requestId, imageId, request }, session) =>
    session.prompts.ask(requestId, imageId, await sourceOf(session, imageId), request),
  'prompt.cancel': ({ requestId }, { prompts }) => prompts.cancel(requestId),
};

function sourceOf({ projects }: Session, imageId: RecordId): Promise<ImageSource> {
  const database = projects.require();
  return imageSource(database, requireImage(database, imageId));
}
