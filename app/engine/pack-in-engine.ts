import type { PackOptions } from '../../models/pack-graphs.ts';
import { EngineClient } from './engine-client.ts';
import type { JobEngine } from './job-model.ts';

/**
 * Makes a package of ONNX files in an engine process of its own: what a file does to native code
 * ends neither the host nor the engine of the window.
 * @throws AppError of `packGraphs`, `engine-lost`, `cancelled`.
 */
export async function packInEngine(
  engine: JobEngine,
  files: readonly string[],
  target: string,
  options: PackOptions,
): Promise<void> {
  const client = new EngineClient({ ...engine, onStatus: () => undefined });
  try {
    await client.pack(files, target, options);
  } finally {
    client.dispose();
  }
}
