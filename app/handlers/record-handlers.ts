import { AppError } from '../../core/errors.ts';
import type { GradualOptions, GradualStep } from '../../db/project.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
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
  const { projects, cache } = parts;
  return {
    'images.importFolder': async ({ folder, files }) => {
      await requireFolder(folder);
      const wanted = files && new Set(files);
      return startImport(parts, 'Import images', (database, context) =>
        importFolder(database, folder, cache, context, (path) => wanted?.has(path) ?? true),
      );
    },
    'images.list': ({ offset, limit, ...filter }) => {
      const database = projects.require();
      const query = withoutUndefined(filter);
      const rows = database.images({ ...query, offset, limit });
      return { total: database.imageCount(query), offset, rows };
    },
    'images.place': ({ imageId, ...filter }) => {
      const database = projects.require();
      requireImage(database, imageId);
      return database.imagePlace(imageId, withoutUndefined(filter))!;
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

    'document.apply': async ({ label, diff, imageId }) => {
      const database = projects.require();
      const options = imageId ? { imageId } : {};
      const { stepId } = await database.gradually.apply(label, diff, options);
      return { stepId, label, ...undoState(database) };
    },
    'document.undo': () =>
      takeStep(parts, 'Undo', (database, options) => database.gradually.undo(options)),
    'document.redo': () =>
      takeStep(parts, 'Redo', (database, options) => database.gradually.redo(options)),
    'document.travelTo': ({ stepId }) =>
      takeStep(parts, 'Undo or redo', (database, options) =>
        database.gradually.travelTo(stepId, options),
      ),
    'document.history': (page) => projects.require().history(withoutUndefined(page)),

    'statistics.counts': () => projects.require().counts(),
    'statistics.trainable': () => projects.require().trainableImages(),
    'statistics.progress': () => readProgress(projects.require().stateChanges()),
  };
}

/** Takes a step and adds what can be undone and redone after it. A step that was cancelled is none: its job tells of it. */
async function takeStep(
  parts: ApplicationParts,
  label: string,
  take: (database: ProjectDatabase, options: GradualOptions) => Promise<GradualStep | null>,
): Promise<AppliedStep | null> {
  const database = parts.projects.require();
  try {
    const step = await parts.jobs.during(
      label,
      ({ signal, progress }) => take(database, { signal, progress }),
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
