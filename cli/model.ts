import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { cpuChoice } from '../app/engine/cpu-plans.ts';
import { allowedServers } from '../app/features/models/allowed-servers.ts';
import { listModels } from '../app/features/models/models.ts';
import { userDataFolder } from '../app/user-data.ts';
import { AppError } from '../core/errors.ts';
import { deviceKinds, type DeviceKind, type DeviceReport } from '../core/prompt.ts';
import { manifestFile } from '../models/package/package.ts';
import { loadModel } from '../models/load-model.ts';
import type { Model } from '../models/model.ts';
import { parseThreads } from './numbers.ts';

const catalog = join(import.meta.dirname, '..', 'models', 'catalog');
const shippedModel = join(catalog, 'pixel-sail-nano');

/** Shipped models, then added models. */
export function modelFolders(): string[] {
  return [catalog, join(userDataFolder(), 'models')];
}

/** Options of every command that runs a model. */
export interface ModelOptions {
  readonly model?: string;
  readonly device: 'auto' | DeviceKind;
  readonly threads?: number;
}

/** Adds `--model`, `--device` and `--threads`. */
export function addModelOptions(command: Command): Command {
  return command
    .option(
      '--model <folder>',
      'model package, or the id of an installed one (default: PIXELSAIL_MODEL, else pixel-sail-nano)',
    )
    .addOption(
      new Option('--device <device>', 'device of the model')
        .choices(['auto', ...deviceKinds])
        .default('auto'),
    )
    .option('--threads <number>', 'threads on the CPU', parseThreads);
}

/**
 * The folder of a model package: the one given, the installed model of that id, PIXELSAIL_MODEL,
 * or the included model.
 * @throws AppError `not-found` with the list of installed models.
 */
export async function locateModel(given: string | undefined): Promise<string> {
  const wanted = given ?? process.env.PIXELSAIL_MODEL ?? shippedModel;
  const folder = resolve(wanted);
  if (existsSync(join(folder, manifestFile))) return folder;
  const installed = await listModels(modelFolders());
  const known = installed.find(({ id }) => id === wanted);
  if (known) return known.directory;
  throw new AppError(
    'not-found',
    `${folder} is not a model package (expected ${manifestFile} in it). Installed models: ` +
      `${installed.map(({ id }) => id).join(', ') || 'none'}. Give another folder with --model, or make a package ` +
      'with `pixelsail convert`.',
    { folder },
  );
}

/** Loads the model of the options. */
export async function openModel(options: ModelOptions): Promise<Model> {
  return loadModel(await locateModel(options.model), {
    device: options.device,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    allowedServers: await allowedServers(userDataFolder()),
    cpu: cpuChoice(userDataFolder(), false),
  });
}

/** The device in use, in one line. */
export function describeDevice({ used, name, threads, kind, selfTestMs }: DeviceReport): string {
  if (used === 'server') return `the server ${name} (reached in ${selfTestMs.toFixed(1)} ms)`;
  const arithmetic = kind === 'integer' ? ', int8' : '';
  const where = used === 'cpu' ? `${name}, ${threads} threads${arithmetic}` : name;
  return `${used} (${where}, self-test ${selfTestMs.toFixed(1)} ms)`;
}
