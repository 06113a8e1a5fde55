import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApplicationOptions } from '../../app/application.ts';
import { writeFakeCatalog } from './fake-model.ts';

const samplePhotos = fileURLToPath(new URL('../../demo/photos', import.meta.url));
const sampleBenchmark = fileURLToPath(new URL('../../demo/benchmark', import.meta.url));
const engineEntry = fileURLToPath(new URL('./fake-engine.ts', import.meta.url));

/**
 * Folders of their own for one test, and the options of an application with the made-up model in
 * them.
 */
export async function makeApplicationFolders(): Promise<{
  folder: string;
  options: ApplicationOptions;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-'));
  await mkdir(join(folder, 'photos'));
  return {
    folder,
    options: {
      home: join(folder, 'home'),
      catalog: await writeFakeCatalog(join(folder, 'catalog')),
      samplePhotos,
      sampleBenchmark,
      engineEntry,
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
