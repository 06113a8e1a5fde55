import { createHash } from 'node:crypto';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toErrorEnvelope } from '../../../core/errors.ts';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import { loadModel } from '../../../models/load-model.ts';
import { tinyCheckpoint } from '../../integration/cli/workplace.ts';
import { refused, type Family } from '../family.ts';

/** Model packages of strangers: a damaged manifest, graph, tokenizer or weights file. */
export const packages: Family = {
  name: 'packages',
  weight: 4,
  async prepare(shared) {
    const source = join(shared, 'tiny');
    await convertCheckpoint(tinyCheckpoint, source, {
      precision: 'fp32',
      id: 'tiny',
      title: 'Tiny',
    });
    const names = await readdir(source);
    return async (mutator, folder) => {
      const directory = join(folder, 'package');
      await cp(source, directory, { recursive: true });
      const damaged = join(directory, mutator.chance(0.6) ? 'manifest.json' : mutator.pick(names));
      const bytes = await readFile(damaged);
      await writeFile(
        damaged,
        damaged.endsWith('manifest.json') && mutator.chance(0.8)
          ? JSON.stringify(mutator.damagedJson(JSON.parse(bytes.toString())))
          : mutator.damagedBytes(bytes, 0.1),
      );
      // A stranger's own package has the right hashes.
      if (mutator.chance(0.8)) await correctHashes(directory);
      try {
        const model = await loadModel(directory, { device: 'cpu', threads: 1 });
        await model.dispose();
        return { ended: 'accepted' };
      } catch (thrown) {
        return refused(toErrorEnvelope(thrown));
      }
    };
  },
};

async function correctHashes(directory: string): Promise<void> {
  const path = join(directory, 'manifest.json');
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: { path: string }[] };
    for (const file of manifest.files) {
      const bytes = await readFile(join(directory, file.path));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      Object.assign(file, { sha256, bytes: bytes.length });
    }
    await writeFile(path, JSON.stringify(manifest));
  } catch {
    // The damaged file is the manifest itself.
  }
}

/** Checkpoints of strangers: damaged safetensors, configuration or tokens. */
export const checkpoints: Family = {
  name: 'checkpoints',
  weight: 4,
  prepare() {
    return Promise.resolve(async (mutator, folder) => {
      const checkpoint = join(folder, 'checkpoint');
      await cp(tinyCheckpoint, checkpoint, { recursive: true });
      const name = mutator.pick(['config.json', 'model.safetensors', 'tokens.json']);
      const bytes = await readFile(join(checkpoint, name));
      await writeFile(
        join(checkpoint, name),
        name.endsWith('.json') && mutator.chance(0.8)
          ? JSON.stringify(mutator.damagedJson(JSON.parse(bytes.toString())))
          : mutator.damagedBytes(bytes),
      );
      try {
        const options = { precision: 'fp32', id: 'x', title: 'X' } as const;
        await convertCheckpoint(checkpoint, join(folder, 'out'), options);
        return { ended: 'accepted' };
      } catch (thrown) {
        return refused(toErrorEnvelope(thrown));
      }
    });
  },
};
