import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { manifestSchema } from '../../models/manifest.ts';
import type { InstalledModel } from '../api/contract.ts';

/**
 * The model packages in the given folders (each package is a folder with a `manifest.json`). A later folder's
 * model replaces an earlier one's of the same id. Folders that hold no valid package are left out.
 */
export async function listModels(folders: readonly string[]): Promise<InstalledModel[]> {
  const models = new Map<string, InstalledModel>();
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort()) {
      const model = await readModel(join(folder, name));
      if (model) models.set(model.id, model);
    }
  }
  return [...models.values()];
}

/** @throws AppError `not-found` when no installed model has the id. */
export async function findModel(
  folders: readonly string[],
  modelId: string,
): Promise<InstalledModel> {
  const models = await listModels(folders);
  const model = models.find(({ id }) => id === modelId);
  if (model) return model;
  const known = models.map(({ id }) => id).join(', ') || 'none';
  throw new AppError('not-found', `No model "${modelId}" is installed. Installed are: ${known}.`);
}

async function readModel(directory: string): Promise<InstalledModel | null> {
  try {
    const text = await readFile(join(directory, 'manifest.json'), 'utf8');
    const manifest = manifestSchema.parse(JSON.parse(text));
    const { id, title, version, description, license, precision } = manifest;
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    return { id, title, version, description, license, precision, directory, bytes };
  } catch {
    return null;
  }
}
