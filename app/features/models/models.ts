import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { deviceKinds } from '../../../core/prompt.ts';
import { readManifest, serverOf } from '../../../models/registry.ts';
import type { InstalledModel, ModelChoice } from '../../api/contract/models.ts';
import { readJson, writeDurably } from '../../files/durable-file.ts';
import { modelListFailure } from './sentences.ts';

/**
 * The model packages in the given folders (each package is a folder with a `manifest.json`). The
 * first of an id counts: the last folder is the user's, and what lies in it never takes the place
 * of a model that came with the application. Folders that hold no valid package are left out.
 */
export async function listModels(folders: readonly string[]): Promise<InstalledModel[]> {
  const models = new Map<string, InstalledModel>();
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    // Names with a dot in front are packages that are still being written.
    for (const name of names.filter((name) => !name.startsWith('.')).sort()) {
      const model = await readModel(join(folder, name), folder === folders.at(-1));
      if (model && !models.has(model.id)) models.set(model.id, model);
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
  const installed = models.map(({ id }) => id);
  throw modelListFailure('not-found', 'modelNotInstalled', { id: modelId, installed });
}

/** The manifest of a package; null if the folder is not a package. */
export async function readModel(
  directory: string,
  canBeDeleted: boolean,
): Promise<InstalledModel | null> {
  const manifest = await readManifest(directory).catch(() => null);
  if (!manifest) return null;
  const { id, title, version, description, license, precision, memory } = manifest;
  return {
    id,
    title,
    version,
    description,
    license,
    source: manifest.source.url,
    precision,
    directory,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    memoryBytes: memory.weightsBytes + memory.workingBytes,
    canBeDeleted,
    classes: manifest.classes,
    tasks: manifest.tasks,
    server: serverOf(manifest),
  };
}

const choiceSchema = z.object({
  modelId: z.string(),
  device: z.enum(['auto', ...deviceKinds]),
  wordsModelId: z.string().optional(),
});
const choiceFile = (home: string) => join(home, 'model-choice.json');

/**
 * The models and the device that were asked for last, kept in the user's folder; null at first.
 */
export function readModelChoice(home: string): Promise<ModelChoice | null> {
  return readJson(choiceFile(home), choiceSchema);
}

export function writeModelChoice(home: string, choice: ModelChoice): Promise<void> {
  return writeDurably(choiceFile(home), JSON.stringify(choice, null, 2));
}
