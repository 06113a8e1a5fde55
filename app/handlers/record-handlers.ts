import type { AppliedStep as DatabaseStep, ProjectDatabase } from '../../db/project-database.ts';
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
  return {
    'images.importFolder': async ({ folder, files }) => {
      await requireFolder(folder);
      const wanted = files && new Set(files);
      return startImport(parts, 'Import images', (database, context) =>
        importFolder(database, folder, context, (path) => wanted?.has(path) ?? true),
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

    'document.apply': async ({ label, diff, imageId }) => {
      const database = projects.require();
      const options = imageId ? { imageId } : {};
      const { stepId } = await database.gradually.apply(label, diff, options);
      return { stepId, label, ...undoState(database) };
    },
    'document.undo': () =>
      withUndoState(projects.require(), (database) => database.gradually.undo()),
    'document.redo': () =>
      withUndoState(projects.require(), (database) => database.gradually.redo()),
    'document.travelTo': ({ stepId }) =>
      withUndoState(projects.require(), (database) => database.gradually.travelTo(stepId)),
    'document.history': (page) => projects.require().history(withoutUndefined(page)),

    'statistics.counts': () => projects.require().counts(),
    'statistics.trainable': () => projects.require().trainableImages(),
    'statistics.progress': () => readProgress(projects.require().stateChanges()),
  };
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
