import { dirname, relative, resolve, sep } from 'node:path';
import { newId } from '../../core/ids.ts';
import type { Database } from '../database.ts';
import type { ImageFolder } from '../project.ts';

export function allFolders(database: Database): ImageFolder[] {
  return database.all<{ id: string; path: string }>(
    'SELECT id, path FROM image_folder ORDER BY id',
  );
}

/**
 * The folder with this path, made when it is new. A relative path is relative to the project
 * file's folder.
 */
export function ensureFolder(database: Database, path: string): ImageFolder {
  const stored = storedPath(dirname(resolve(database.file)), path);
  database.run('INSERT INTO image_folder (id, path) VALUES (@id, @stored) ON CONFLICT DO NOTHING', {
    id: newId(),
    stored,
  });
  const sql = 'SELECT id, path FROM image_folder WHERE path = @stored';
  return database.get<{ id: string; path: string }>(sql, { stored })!;
}

/** Makes paths that were relative to `oldHome` relative to the project file's folder. */
export function rebaseFolders(database: Database, oldHome: string): void {
  const home = dirname(resolve(database.file));
  database.transaction(() => {
    for (const { id, path } of allFolders(database)) {
      const stored = storedPath(home, resolve(oldHome, path));
      database.run('UPDATE image_folder SET path = @stored WHERE id = @id', { id, stored });
    }
  });
}

/** Another drive has no relative path; `relative` then returns the absolute one. */
function storedPath(home: string, path: string): string {
  return (relative(home, resolve(home, path)) || '.').split(sep).join('/');
}
