import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve } from 'node:path';
import { addition, type Diff } from '../../../core/diff.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { ImageRecord, ImageState, RecordId, Split } from '../../../core/records.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import type { ProjectReader } from '../../../db/project.ts';
import { openSnapshot } from '../../../db/project-snapshot.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import { toErrorEnvelope } from '../../../core/errors.ts';
import { placeInside } from '../../files/confine.ts';
import { toFileError } from '../../files/file-error.ts';
import { makeFolder } from '../../files/folders.ts';
import { draftName, removeLeftDrafts } from '../../files/new-file.ts';
import { writeZip } from '../../files/new-zip.ts';
import { newOutput } from '../../files/output-file.ts';
import { isZip } from '../../files/zip-dataset.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { Turns } from '../../turns.ts';
import { locateImage } from '../images/image-files.ts';
import { handoutFailure } from './sentences.ts';

export interface HandoutRequest {
  /**
   * The file to write, which must not exist yet: a project file, or a zip archive of one with its
   * photos.
   */
  readonly file: string;
  /** Only images in these states. */
  readonly states?: readonly ImageState[] | undefined;
  /** Only images of this split. */
  readonly split?: Split | undefined;
  /** Whether photos are copied into a folder beside a project file. */
  readonly hasPhotos?: boolean | undefined;
}

export interface Handout {
  readonly file: string;
  readonly images: number;
  /** The folder of the copied photos; null where they are in the file, or were not asked for. */
  readonly photos: string | null;
  /** Photos that could not be copied. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Writes the part of a project that a colleague needs into a project file of its own: some images
 * with everything about them, and all categories, as its first step. Photos are copied into a
 * folder beside it where that is asked for; else their folders stay relative to the file. A zip
 * archive holds both. `mergeHandout` brings the changes of the colleague back.
 * @throws AppError `invalid-input` where no image is left, `already-exists`, `disk-full`,
 *   `permission-denied`; `cancelled`, after which nothing is there.
 */
export async function makeHandout(
  database: ProjectDatabase,
  request: HandoutRequest,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<Handout> {
  return isZip(request.file)
    ? packHandout(database, request, context)
    : writeHandout(database, request, context);
}

async function packHandout(
  database: ProjectDatabase,
  { file, ...chosen }: HandoutRequest,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<Handout> {
  const output = { path: file, ending: '.zip', project: database, isOurs: null };
  const origin = { handout: parse(file).name };
  const turns = new Turns();
  const pause = (): Promise<void> | null => {
    if (context.signal.aborted) throw handoutFailure('cancelled', 'handoutNotMade', {});
    return turns.isDue ? turns.give() : null;
  };
  const written = await writeZip(output, origin, pause, (folder) => {
    const project = join(folder, `${parse(file).name}.pixelsail`);
    return writeHandout(database, { ...chosen, file: project, hasPhotos: true }, context);
  });
  return { ...written.made, file: written.file, photos: null };
}

async function writeHandout(
  database: ProjectDatabase,
  { file, states, split, hasPhotos = false }: HandoutRequest,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<Handout> {
  const target = await newOutput(file, 'project');
  const home = dirname(target);
  const photos = hasPhotos ? join(home, `${parse(target).name} photos`) : null;
  if (photos !== null && existsSync(photos)) {
    throw handoutFailure('already-exists', 'handoutPhotosThere', { folder: photos });
  }
  await removeLeftDrafts(home);
  const folder = join(home, draftName(process.pid));
  await mkdir(folder);
  const project = openSnapshot(database.file);
  try {
    const isChosen = (image: ImageRecord) =>
      (states?.includes(image.state) ?? true) && (split === undefined || image.split === split);
    const chosen = imagesOf(project).filter(isChosen);
    if (chosen.length === 0) throw handoutFailure('invalid-input', 'handoutEmpty', {});
    const copied = join(folder, 'photos');
    const leftOut = photos === null ? [] : await copyPhotos(database, chosen, copied, context);
    const draft = join(folder, 'draft.pixelsail');
    const handout = createProjectDatabase(draft, parse(target).name);
    try {
      const places = photos === null ? oldPlaces(project, home) : newPlaces(project, photos, home);
      await fill(handout, project, chosen, places, context);
    } finally {
      await handout.endReads();
      handout.close();
    }
    // Somebody may have put another file there meanwhile.
    await newOutput(file, 'project');
    if (photos !== null) await rename(copied, photos);
    await rename(draft, target);
    return { file: target, images: chosen.length, photos, leftOut };
  } finally {
    project.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The paths that the handout has its image folders under, by their ids. */
type Places = ReadonlyMap<RecordId, string>;

function oldPlaces(project: ProjectReader, home: string): Places {
  const from = dirname(project.file);
  return new Map(
    project.folders().map(({ id, path }) => [id, relative(home, resolve(from, path))]),
  );
}

/** A folder for each, by its number: two may hold files of the same name. */
function newPlaces(project: ProjectReader, photos: string, home: string): Places {
  const folders = project.folders().map(({ id }) => id);
  return new Map(folders.map((id, at) => [id, join(relative(home, photos), String(at + 1))]));
}

/** Copies photos into numbered folders. @returns those that could not be read, and why */
async function copyPhotos(
  database: ProjectDatabase,
  images: readonly ImageRecord[],
  target: string,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<LeftOut[]> {
  const ids = database.folders().map(({ id }) => id);
  const leftOut: LeftOut[] = [];
  await mkdir(target);
  for (const [done, image] of images.entries()) {
    if (signal.aborted) throw handoutFailure('cancelled', 'handoutNotMade', {});
    const folder = join(target, String(ids.indexOf(image.folderId) + 1));
    let copy: string;
    let source: string;
    try {
      copy = placeInside(folder, image.path);
      source = await locateImage(database, image);
    } catch (thrown) {
      leftOut.push({ what: image.path, reason: toErrorEnvelope(thrown).message });
      continue;
    }
    await makeFolder(dirname(copy));
    await copyFile(source, copy).catch((thrown: unknown) => {
      throw toFileError(thrown, 'write', copy);
    });
    progress(done + 1, images.length);
  }
  return leftOut;
}

function imagesOf(project: ProjectReader): ImageRecord[] {
  return [...project.exportImages()].map(({ image }) => image);
}

async function fill(
  handout: ProjectDatabase,
  project: ProjectReader,
  images: readonly ImageRecord[],
  places: Places,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<void> {
  const { createdAtMs, name } = project;
  handout.changeSettings({ handoutOf: { createdAtMs, name } });
  for (const person of project.people()) handout.addPerson(person);
  // The file is made in another folder than the one that it is renamed into.
  const folderIds = new Map([...places].map(([id, path]) => [id, handout.addFolder(path).id]));
  const records = recordsOf(project, images, folderIds, (done) => progress(done, images.length));
  await handout.gradually.applyEach(stepLabel('handOut'), records, { signal });
}

function* recordsOf(
  project: ProjectReader,
  images: readonly ImageRecord[],
  folderIds: ReadonlyMap<RecordId, RecordId>,
  onImage: (done: number) => void,
): Generator<Diff> {
  yield addition(...project.categories());
  for (const [done, image] of images.entries()) {
    const { id } = image;
    const placed = { ...image, folderId: folderIds.get(image.folderId)! };
    const about = [...project.annotations(id), ...project.items(id), ...project.reviews(id)];
    yield addition(placed, ...about);
    onImage(done + 1);
  }
}
