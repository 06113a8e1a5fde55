import type { Diff } from '../../core/diff.ts';
import { AppError } from '../../core/errors.ts';
import type { GradualOptions, GradualStep, ImageQuery } from '../../db/project.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { reads } from '../../db/reads.ts';
import type { AppliedStep, UndoState } from '../api/contract.ts';
import { removeCategory } from '../services/category-removal.ts';
import { importFolder, requireFolder } from '../services/image-import.ts';
import { readProgress } from '../services/progress.ts';
import {
  announceChange,
  projectOf,
  requireImage,
  startImport,
  withoutUndefined,
  type ApplicationParts,
  type HandlersOf,
} from './parts.ts';

export function recordHandlers(
  parts: ApplicationParts,
): HandlersOf<'images' | 'categories' | 'journal' | 'statistics'> {
  const { projects } = parts;
  const inOrder = oneAfterAnother();
  return {
    'images.importFolder': async ({ folder, files }, window) => {
      await requireFolder(folder);
      const wanted = files && new Set(files);
      return startImport(parts, window, 'Import images', (database, context) =>
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
      return {
        image,
        annotations: database.annotations(imageId),
        items: database.items(imageId),
        reviews: database.reviews(imageId),
      };
    },

    'categories.list': () => projects.require().categories(),
    'categories.counts': () => projects.require().categoryCounts(),
    'categories.remove': async (input, window) => {
      const database = projectOf(parts, window);
      const removed = await parts.jobs.during(
        'Remove category',
        (context) => removeCategory(database, input, context),
        () => ({ stepId: null }),
      );
      announceChange(parts);
      return removed;
    },

    'journal.apply': ({ label, diff, imageId }, window) =>
      inOrder(async () => {
        const database = projectOf(parts, window);
        const options = imageId ? { imageId } : {};
        const { stepId } = await database.gradually.apply(label, diff, options);
        announceStep(parts, window, diff);
        return { stepId, label, ...undoState(database) };
      }),
    'journal.undo': (_, window) =>
      inOrder(() =>
        takeStep(parts, window, 'Undo', 'undo', (database, options) =>
          database.gradually.undo(options),
        ),
      ),
    'journal.redo': (_, window) =>
      inOrder(() =>
        takeStep(parts, window, 'Redo', 'redo', (database, options) =>
          database.gradually.redo(options),
        ),
      ),
    'journal.travelTo': ({ stepId }, window) =>
      inOrder(() =>
        takeStep(parts, window, 'Undo or redo', stepId, (database, options) =>
          database.gradually.travelTo(stepId, options),
        ),
      ),
    'journal.undoState': (_, window) => undoState(projectOf(parts, window)),
    'journal.history': (page) => projects.require().history(withoutUndefined(page)),
    'journal.people': () => projects.require().people(),

    'statistics.counts': () => projects.require().read('counts', null),
    'statistics.trainable': () => projects.require().read('trainableImages', null),
    'statistics.progress': async () =>
      readProgress(await projects.require().read('stateChanges', null)),
  };
}

/** Whether a list is read in the order of an index, without looking at the images that it leaves out. */
function isReadByIndex({ text, categoryId, split, hasTexts }: ImageQuery): boolean {
  return [text, categoryId, split, hasTexts].every((criterion) => criterion === undefined);
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
 * Takes a step for a window, tells the others, and adds what can be undone and redone after it. A step that changes little can
 * be taken back by hand; before another, the project is copied. A step that was cancelled is none: its job tells of it.
 */
async function takeStep(
  parts: ApplicationParts,
  window: string | undefined,
  label: string,
  step: 'undo' | 'redo' | number,
  take: (database: ProjectDatabase, options: GradualOptions) => Promise<GradualStep | null>,
): Promise<AppliedStep | null> {
  const { projects, jobs } = parts;
  const database = projectOf(parts, window);
  const isLarge = database.isLargeStep(step);
  try {
    const taken = await jobs.during(
      label,
      async ({ signal, progress }) => {
        if (isLarge) await projects.backupBeforeLargeStep();
        return take(database, { signal, progress });
      },
      (found) => ({ stepId: found?.stepId ?? null }),
    );
    if (!taken) return null;
    announceStep(parts, window, taken.diff);
    return { ...taken, ...undoState(database) };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'cancelled') return null;
    throw thrown;
  }
}

/** Tells the other windows of a step. */
function announceStep(
  { windows, emit }: ApplicationParts,
  window: string | undefined,
  diff: Diff | null,
): void {
  if (window === undefined || windows.others(window).length === 0) return;
  emit('journal:changed', { window, diff: diff && isSmall(diff) ? diff : null });
}

function undoState({ canUndo, canRedo }: ProjectDatabase): UndoState {
  return { canUndo, canRedo };
}

/** With more records it is quicker to read again what is shown. */
const sentRecords = 2000;

function isSmall({ added, updated, removed }: Diff): boolean {
  const counts = [added, updated, removed].map((records) => Object.keys(records).length);
  return counts.reduce((sum, count) => sum + count, 0) <= sentRecords;
}
