import { AppError } from '../../core/errors.ts';
import type { GradualOptions, GradualStep, ImageQuery } from '../../db/project.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { reads } from '../../db/reads.ts';
import type { AppliedStep, TakenStep } from '../api/contract.ts';
import { removeCategory } from '../services/category-removal.ts';
import { importFolder, requireFolder } from '../services/image-import.ts';
import { readProgress } from '../services/progress.ts';
import {
  announceChange,
  requireImage,
  startImport,
  withoutUndefined,
  type ApplicationParts,
  type HandlersOf,
} from './parts.ts';

export function recordHandlers(
  parts: ApplicationParts,
): HandlersOf<'images' | 'categories' | 'document' | 'statistics'> {
  const { projects } = parts;
  const inOrder = oneAfterAnother();
  return {
    'images.importFolder': async ({ folder, files }) => {
      await requireFolder(folder);
      const wanted = files && new Set(files);
      return startImport(parts, 'Import images', (database, context) =>
        importFolder(database, folder, context, (path) => wanted?.has(path) ?? true),
      );
    },
    'images.list': async ({ offset, limit, ...filter }) => {
      const database = projects.require();
      const query = { ...withoutUndefined(filter), offset, limit };
      const { total, rows } = isReadByIndex(query)
        ? reads.imagePage(database, query)
        : await database.read('imagePage', query);
      return { total, offset, rows };
    },
    'images.place': async ({ imageId, ...filter }) => {
      const database = projects.require();
      requireImage(database, imageId);
      const query = withoutUndefined(filter);
      return (await database.read('imagePlace', { imageId, query }))!;
    },
    'images.document': ({ imageId }) => {
      const database = projects.require();
      const image = requireImage(database, imageId);
      return { image, annotations: database.annotations(imageId) };
    },

    'categories.list': () => projects.require().categories(),
    'categories.counts': () => projects.require().categoryCounts(),
    'categories.remove': async (input) => {
      const database = projects.require();
      const removed = await parts.jobs.during(
        'Remove category',
        (context) => removeCategory(database, input, context),
        () => ({ stepId: null }),
      );
      announceChange(parts);
      return removed;
    },

    'document.apply': ({ label, diff, imageId }) =>
      inOrder(async () => {
        const database = projects.require();
        const options = imageId ? { imageId } : {};
        const { stepId } = await database.gradually.apply(label, diff, options);
        return { stepId, label, ...undoState(database) };
      }),
    'document.undo': () =>
      inOrder(async () => {
        const isLarge = projects.require().isLargeStep('undo');
        return takeStep(parts, 'Undo', isLarge, (database, options) =>
          database.gradually.undo(options),
        );
      }),
    'document.redo': () =>
      inOrder(async () => {
        const isLarge = projects.require().isLargeStep('redo');
        return takeStep(parts, 'Redo', isLarge, (database, options) =>
          database.gradually.redo(options),
        );
      }),
    'document.travelTo': ({ stepId }) =>
      inOrder(async () => {
        const isLarge = projects.require().isLargeStep(stepId);
        return takeStep(parts, 'Undo or redo', isLarge, (database, options) =>
          database.gradually.travelTo(stepId, options),
        );
      }),
    'document.history': (page) => projects.require().history(withoutUndefined(page)),

    'statistics.counts': () => projects.require().read('counts', null),
    'statistics.trainable': () => projects.require().read('trainableImages', null),
    'statistics.progress': async () =>
      readProgress(await projects.require().read('stateChanges', null)),
  };
}

/** Whether a list is read in the order of an index, without looking at the images that it leaves out. */
function isReadByIndex({ text, categoryId, split, hasTexts }: ImageQuery): boolean {
  return [text, categoryId, split, hasTexts].every((criterion) => criterion === null);
}

/** Steps are taken in the order of the calls, also where one waits for a copy of the project first. */
function oneAfterAnother(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => null);
    return done;
  };
}

/**
 * Takes a step and adds what can be undone and redone after it. A step that changes little can be taken back by hand; before
 * another, the project is copied. A step that was cancelled is none: its job tells of it.
 */
async function takeStep(
  parts: ApplicationParts,
  label: string,
  isLarge: boolean,
  take: (database: ProjectDatabase, options: GradualOptions) => Promise<GradualStep | null>,
): Promise<AppliedStep | null> {
  const { projects, jobs } = parts;
  const database = projects.require();
  try {
    const step = await jobs.during(
      label,
      async ({ signal, progress }) => {
        if (isLarge) await projects.backupBeforeLargeStep();
        return take(database, { signal, progress });
      },
      (taken) => ({ stepId: taken?.stepId ?? null }),
    );
    return step && { ...step, ...undoState(database) };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'cancelled') return null;
    throw thrown;
  }
}

function undoState({ canUndo, canRedo }: ProjectDatabase): Pick<TakenStep, 'canUndo' | 'canRedo'> {
  return { canUndo, canRedo };
}
