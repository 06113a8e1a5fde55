import type { EngineStatus } from '../api/contract/models.ts';
import { readManifest } from '../../models/registry.ts';
import type { JobModel, JobModelChoice } from '../jobs/job-kind.ts';
import { EngineClient } from './engine-client.ts';
import type { EngineProcess } from './engine-process.ts';
import { engineFailure } from './sentences.ts';

/**
 * Loads a model for a job in an engine process of its own: a person's prompts do not wait behind the job, and a crash of
 * native code ends neither the application nor the engine of the window.
 * @param directory of the package
 * @throws AppError of the loader (`package-invalid` and others), or `engine-lost`.
 */
export async function openJobModel(
  engine: { readonly entry: string; readonly start?: () => EngineProcess },
  directory: string,
  { device }: Pick<JobModelChoice, 'device'>,
): Promise<JobModel> {
  const manifest = await readManifest(directory);
  const client = new EngineClient({ ...engine, onStatus: () => undefined });
  try {
    const status: EngineStatus = await client.load({ modelId: manifest.id, directory, device });
    if (status.state !== 'ready') throw engineFailure('model-not-loaded', 'modelNotLoaded', {});
    return {
      manifest,
      hash: status.hash,
      device: status.device,
      async requireReadable(request) {
        await client.requireReadable(request);
      },
      prefetch: () => undefined,
      answer: (image, request, signal) => client.ask(image, request, { signal }),
      dispose: () => Promise.resolve(client.dispose()),
    };
  } catch (thrown) {
    client.dispose();
    throw thrown;
  }
}
