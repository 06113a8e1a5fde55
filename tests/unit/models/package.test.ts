import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readManifest, verifyPackage } from '../../../models/package.ts';

const content = Buffer.from('graph');
const graph = { file: 'graph.onnx', inputs: {}, outputs: {} };
const manifest = {
  formatVersion: 1,
  family: 'pixel-sail',
  id: 'example',
  version: '1.0.0',
  title: 'Example',
  description: '',
  license: 'Apache-2.0',
  source: { url: '', revision: '' },
  precision: 'fp32',
  tasks: ['segment'],
  config: {
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    intermediate_size: 8,
    vocab_size: 8,
    mask_dim: 8,
    special_token_ids: {},
    prompt_token_ids: [],
  },
  graphs: { image: graph, text: graph, features: graph, mask: graph },
  tokenizer: 'graph.onnx',
  files: [
    {
      path: 'graph.onnx',
      sha256: createHash('sha256').update(content).digest('hex'),
      bytes: content.length,
    },
  ],
  memory: { weightsBytes: 0, workingBytes: 0 },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  await writeFile(join(folder, 'graph.onnx'), content);
  await writeManifest({});
});
afterEach(() => rm(folder, { recursive: true }));

function writeManifest(changes: object): Promise<void> {
  return writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...changes }));
}

describe('a model package', () => {
  it('is accepted when every file is as listed', async () => {
    expect(await verifyPackage(folder)).toMatchObject({
      id: 'example',
      config: { patch_size: 16 },
    });
  });

  it('is refused when a file has other content of the same size, naming both hashes', async () => {
    await writeFile(join(folder, 'graph.onnx'), 'grapf');
    const found = createHash('sha256').update('grapf').digest('hex');
    await expect(verifyPackage(folder)).rejects.toMatchObject({
      code: 'package-invalid',
      detail: { path: join(folder, 'graph.onnx'), expected: manifest.files[0]!.sha256, found },
    });
  });

  it('is refused when a file has another size', async () => {
    await writeFile(join(folder, 'graph.onnx'), 'grap');
    await expect(verifyPackage(folder)).rejects.toThrow(
      /graph\.onnx has the wrong size: expected 5 bytes, found 4/,
    );
  });

  it('is refused when a file is missing', async () => {
    await rm(join(folder, 'graph.onnx'));
    await expect(verifyPackage(folder)).rejects.toThrow(
      /The package example lacks the file .*graph\.onnx/,
    );
  });

  it('can be described without reading its files', async () => {
    await rm(join(folder, 'graph.onnx'));
    expect((await readManifest(folder)).title).toBe('Example');
  });
});

describe('a manifest is refused', () => {
  it('when it is missing', async () => {
    await rm(join(folder, 'manifest.json'));
    await expect(readManifest(folder)).rejects.toThrow(
      /is not a model package: .*manifest\.json cannot be read/,
    );
  });

  it('when it is not JSON', async () => {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    await writeFile(join(folder, 'manifest.json'), text.slice(0, 100));
    await expect(readManifest(folder)).rejects.toThrow(/manifest\.json is not JSON/);
  });

  it.each([
    ['is of a later format', { formatVersion: 2 }, /formatVersion/],
    ['has a hash that is none', { files: [{ ...manifest.files[0]!, sha256: 'abc' }] }, /sha256/],
    ['does not list a graph', { files: [] }, /uses the file graph\.onnx but does not list it/],
    [
      'does not list a plain graph',
      { graphs: { ...manifest.graphs, text: { ...graph, plainFile: 'plain.onnx' } } },
      /uses the file plain\.onnx but does not list it/,
    ],
    [
      'lists a file outside the package',
      { files: [...manifest.files, { ...manifest.files[0]!, path: '../graph.onnx' }] },
      /lists the file \.\.\/graph\.onnx, which lies outside the package/,
    ],
  ])('when it %s', async (_, changes, message) => {
    await writeManifest(changes);
    await expect(verifyPackage(folder)).rejects.toThrow(message);
    await expect(verifyPackage(folder)).rejects.toMatchObject({ code: 'package-invalid' });
  });
});
