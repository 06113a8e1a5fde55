import type { AppliedStep as DatabaseStep, ProjectDatabase } from '../../db/project-database.ts';
import type { AppliedStep, TakenStep } from '../api/contract.ts';
import { removeCategory } from '../services/category-removal.ts';
import { importFolder, requireFolder } from '../services/image-import.ts';
import { readProgress } from '../services/progress.ts';
import type { Projects } from '../services/projects.ts';
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
  const inOrder = oneAfterAnother();
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
    'categories.remove': (input) => {
      const removed = removeCategory(projects.require(), input);
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
        await backupBefore(projects, 'undo');
        return withUndoState(projects.require(), (database) => database.gradually.undo());
      }),
    'document.redo': () =>
      inOrder(async () => {
        await backupBefore(projects, 'redo');
        return withUndoState(projects.require(), (database) => database.gradually.redo());
      }),
    'document.travelTo': ({ stepId }) =>
      inOrder(async () => {
        await backupBefore(projects, stepId);
        return withUndoState(projects.require(), (database) => database.gradually.travelTo(stepId));
      }),
    'document.history': (page) => projects.require().history(withoutUndefined(page)),

    'statistics.counts': () => projects.require().counts(),
    'statistics.trainable': () => projects.require().trainableImages(),
    'statistics.progress': () => readProgress(projects.require().stateChanges()),
  };
}

/** Steps are taken in the order of the calls, also where one waits for a copy of the project first. */
function oneAfterAnother(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/** A step that changes little can be taken back by hand; before another, the project is copied. */
async function backupBefore(projects: Projects, step: 'undo' | 'redo' | number): Promise<void> {
  if (projects.require().isLargeStep(step)) await projects.backupBeforeLargeStep();
}

/** Takes a step and adds what can be undone and redone after it. */
async function withUndoState(
  database: ProjectDatabase,
  take: (database: ProjectDatabase) => Promise<DatabaseStep | null>,
): Promise<AppliedStep | null> {
  const applied = await take(database);
  return applied && { ...applied, ...undoState(database) };
}

function undoState({ canUndo, canRedo }: ProjectDatabase): Pick<TakenStep, 'canUndo' | 'canRedo'> {
  return { canUndo, canRedo };
}
