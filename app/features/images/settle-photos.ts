import { dirname, join, resolve } from 'node:path';
import { replacements, removal, squashDiffs, type Diff } from '../../../core/diff.ts';
import type { PhotoChoice } from '../../../core/project/photo-choices.ts';
import { refitted } from '../../../core/project/refit.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { ImageChangeReport } from '../../api/contract/jobs.ts';
import { confine } from '../../files/confine.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { withStoredDependents } from '../journal/dependents.ts';
import { readImageFacts, type ImageFacts } from './image-facts.ts';

/**
 * Takes over the photos that images have now, as one step that can be undone: the labels stay where
 * they are, are scaled to the new size, or the image is taken out of the project. Files are never
 * written.
 * @returns how many images changed; passed over are those whose photo is as it was, or is gone
 *   where its labels were to be kept
 * @throws AppError `cancelled`, after which nothing is changed.
 */
export async function settlePhotos(
  database: ProjectDatabase,
  { imageIds, choice }: { readonly imageIds: readonly RecordId[]; readonly choice: PhotoChoice },
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<ImageChangeReport> {
  const settled: Settled[] = [];
  for (const [index, imageId] of imageIds.entries()) {
    signal.throwIfAborted();
    const image = database.image(imageId);
    const facts = image && (await factsOf(database, image));
    const isGone = choice === 'set-aside' && facts === null;
    const isChanged = facts && (facts.sha256 !== image.sha256 || !isSameSize(facts, image));
    if (image && (isGone || isChanged)) settled.push({ image, facts: facts ?? null });
    progress(index + 1, imageIds.length);
  }
  const label = stepLabel('settlePhotos', { choice, images: settled.length });
  const diffs = function* (): Generator<Diff> {
    for (const each of settled) yield diffOf(database, each, choice);
  };
  await database.gradually.applyEach(label, diffs(), { signal });
  return { changed: settled.length, passedOver: imageIds.length - settled.length };
}

/** Null where the file is gone or cannot be read. */
async function factsOf(database: ProjectDatabase, image: ImageRecord): Promise<ImageFacts | null> {
  const folder = database.folders().find(({ id }) => id === image.folderId);
  const root = resolve(dirname(database.file), folder?.path ?? '');
  try {
    return await readImageFacts(await confine(root, join(root, image.path)));
  } catch {
    return null;
  }
}

/** An image, and what its photo is now; null where it is gone. */
interface Settled {
  readonly image: ImageRecord;
  readonly facts: ImageFacts | null;
}

function isSameSize(facts: ImageFacts, { width, height }: ImageRecord): boolean {
  return facts.width === width && facts.height === height;
}

function diffOf(database: ProjectDatabase, { image, facts }: Settled, choice: PhotoChoice): Diff {
  const annotations = database.annotations(image.id);
  if (choice === 'set-aside' || !facts) {
    return withStoredDependents(database, removal(image, ...annotations));
  }
  const { width, height, orientation, sha256 } = facts;
  const pairs = annotations.map(
    (annotation) => [annotation, refitted(annotation, image, facts, choice)] as const,
  );
  const changed = pairs.flatMap(([from, to]) => (to && to !== from ? [[from, to] as const] : []));
  const outside = pairs.flatMap(([from, to]) => (to ? [] : [from]));
  const now = { ...image, width, height, orientation, sha256 };
  return squashDiffs(
    replacements([[image, now], ...changed]),
    withStoredDependents(database, removal(...outside)),
  );
}
