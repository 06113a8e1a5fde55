import type { Diff } from '../../core/diff.ts';
import type { AppliedStep as DatabaseStep, ProjectDatabase } from '../../db/project-database.ts';
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
): HandlersOf<'images' | 'categories' | 'document' | 'statistics'> {
  const { projects, cache, windows, emit } = parts;

  /** Tells the other windows of a step. */
  const announce = (window: string | undefined, diff: Diff) => {
    if (window === undefined || windows.others(window).length === 0) return;
    emit('document:changed', { window, diff: isSmall(diff) ? diff : null });
  };

  /** Takes a step in the journal for a window, tells the others, and adds what can be undone and redone after it. */
  const travel = async (
    window: string | undefined,
    take: (database: ProjectDatabase) => Promise<DatabaseStep | null>,
  ): Promise<AppliedStep | null> => {
    const database = projectOf(parts, window);
    const applied = await take(database);
    if (!applied) return null;
    announce(window, applied.diff);
    return { ...applied, ...undoState(database) };
  };

  return {
    'images.importFolder': async ({ folder, files }, window) => {
      await requireFolder(folder);
      const wanted = files && new Set(files);
      return startImport(parts, window, 'Import images', (database, context) =>
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
    'categories.remove': (input, window) => {
      const removed = removeCategory(projectOf(parts, window), input);
      announceChange(parts);
      return removed;
    },

    'document.apply': async ({ label, diff, imageId }, window) => {
      const database = projectOf(parts, window);
      const options = imageId ? { imageId } : {};
      const { stepId } = await database.gradually.apply(label, diff, options);
      announce(window, diff);
      return { stepId, label, ...undoState(database) };
    },
    'document.undo': (_, window) => travel(window, (database) => database.gradually.undo()),
    'document.redo': (_, window) => travel(window, (database) => database.gradually.redo()),
    'document.travelTo': ({ stepId }, window) =>
      travel(window, (database) => database.gradually.travelTo(stepId)),
    'document.undoState': (_, window) => undoState(projectOf(parts, window)),
    'document.history': (page) => projects.require().history(withoutUndefined(page)),

    'statistics.counts': () => projects.require().counts(),
    'statistics.trainable': () => projects.require().trainableImages(),
    'statistics.progress': () => readProgress(projects.require().stateChanges()),
  };
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
