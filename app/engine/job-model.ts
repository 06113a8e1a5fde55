import { requestCancelled } from '../../core/errors.ts';
import { unlessCancelled } from '../../models/cancellation.ts';
import { readManifest } from '../../models/registry.ts';
import type { JobModel, JobModelChoice } from '../jobs/job-kind.ts';
import { EngineClient, type EngineClientOptions } from './engine-client.ts';
import { engineFailure } from './sentences.ts';

/** How a host starts the engines of its jobs, and whom it tells that one died. */
export type JobEngine = Pick<EngineClientOptions, 'entry' | 'start' | 'onDeath'> & {
  /** Origins that photos may be sent to, beside this computer; default: none. */
  readonly allowedServers?: () => Promise<readonly string[]>;
};

/**
 * Loads a model for a job in an engine process of its own: a person's prompts do not wait behind
 * the job, any computation of the model can be stopped, and a crash of native code ends neither the
 * host nor the engine of the window.
 * @param directory of the package
 * @param signal ends the engine while it loads the model
 * @throws AppError of the loader (`package-invalid` and others), `engine-lost`, or `cancelled`.
 */
export async function openJobModel(
  engine: JobEngine,
  directory: string,
  { device, threads }: Pick<JobModelChoice, 'device' | 'threads'>,
  signal: AbortSignal,
): Promise<JobModel> {
  const manifest = await readManifest(directory);
  const client = new EngineClient({ ...engine, onStatus: () => undefined });
  const stop = () => client.dispose();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw requestCancelled();
    const allowedServers = await engine.allowedServers?.();
    const choice = { modelId: manifest.id, directory, device, threads, allowedServers };
    const status = await client.load(choice);
    if (status.state !== 'ready') throw engineFailure('model-not-loaded', 'modelNotLoaded', {});
    return {
      manifest,
      hash: status.hash,
      device: status.device,
      async requireReadable(request) {
        await client.requireReadable(request);
      },
      prefetch: (image) => client.expectImage(image),
      // A job that is cancelled disposes of its engine, so nobody waits for the engine's own end
      // of the request.
      answer: (image, request, signal) => unlessCancelled(client.ask(image, request), signal),
      dispose: () => Promise.resolve(client.dispose()),
    };
  } catch (thrown) {
    client.dispose();
    throw signal.aborted ? requestCancelled() : thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
