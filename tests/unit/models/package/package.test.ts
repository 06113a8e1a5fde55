import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../../models/onnx/protobuf.ts';
import { readManifest, verifyPackage } from '../../../../models/registry.ts';
import { readPackageFile } from '../../../../models/package/package-file.ts';

/** The shortest message that protobuf readers take whole: one field of three bytes. */
const content = Buffer.from('\n\x03abc');
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
      /graph\.onnx of the package example is missing/,
    );
  });

  it('is refused when a link, a pipe or a folder stands in for a file', async () => {
    const path = join(folder, 'graph.onnx');
    await rename(path, join(folder, 'real'));
    await symlink('real', path);
    await expect(verifyPackage(folder)).rejects.toThrow(/graph\.onnx is a link/);
    await rm(path);
    execFileSync('/usr/bin/mkfifo', [path]);
    await expect(verifyPackage(folder)).rejects.toThrow(/graph\.onnx is a pipe/);
    await rm(path);
    await mkdir(path);
    await expect(verifyPackage(folder)).rejects.toThrow(/graph\.onnx is a folder/);
  });

  it('is refused when a folder on the way to a file is a link', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'package-outside-'));
    await writeFile(join(outside, 'graph.onnx'), content);
    await symlink(outside, join(folder, 'graphs'));
    await writeManifest({
      files: [...manifest.files, { ...manifest.files[0]!, path: 'graphs/graph.onnx' }],
    });
    await expect(verifyPackage(folder)).rejects.toThrow(/graphs is a link/);
    await rm(outside, { recursive: true });
  });

  it('is refused when its manifest is a link, a pipe or larger than any manifest is', async () => {
    const path = join(folder, 'manifest.json');
    await rename(path, join(folder, 'real'));
    await symlink('real', path);
    await expect(readManifest(folder)).rejects.toThrow(/manifest\.json is a link/);
    await rm(path);
    execFileSync('/usr/bin/mkfifo', [path]);
    await expect(readManifest(folder)).rejects.toThrow(/manifest\.json is a pipe/);
    await rm(path);
    await writeFile(path, '');
    await truncate(path, 1e12);
    await expect(readManifest(folder)).rejects.toMatchObject({
      code: 'package-invalid',
      sentence: 'packageFileTooLarge',
    });
  });

  it('is refused when a graph or the tokenizer has more bytes than are ever read of one', async () => {
    await truncate(join(folder, 'graph.onnx'), 1e12);
    await writeManifest({ files: [{ ...manifest.files[0]!, bytes: 1e12 }] });
    await expect(verifyPackage(folder)).rejects.toMatchObject({ sentence: 'packageFileTooLarge' });
  });

  it('has no small file that is read when it is large', async () => {
    await writeFile(join(folder, 'README.md'), '12345');
    expect(String(await readPackageFile(folder, 'README.md', 5))).toBe('12345');
    await expect(readPackageFile(folder, 'README.md', 4)).rejects.toThrow(
      /has 5 bytes; the maximum for such a file is 4/,
    );
  });

  it('can be described without reading its files', async () => {
    await rm(join(folder, 'graph.onnx'));
    expect((await readManifest(folder)).title).toBe('Example');
  });
});

describe('the weights of a graph', () => {
  const tensorIn = (file: string) =>
    new ProtobufWriter()
      .message(13, new ProtobufWriter().text(1, 'location').text(2, file))
      .integer(14, 1);
  const graphWith = (tensor: ProtobufWriter) => new ProtobufWriter().message(5, tensor);
  const attributeOf = (field: number, inner: ProtobufWriter) =>
    new ProtobufWriter().message(
      1,
      new ProtobufWriter().message(5, new ProtobufWriter().message(field, inner)),
    );
  const places: readonly [string, (file: string) => ProtobufWriter][] = [
    ['an initializer', (file) => new ProtobufWriter().message(7, graphWith(tensorIn(file)))],
    [
      'a sparse initializer',
      (file) => {
        const sparse = new ProtobufWriter().message(1, tensorIn(file));
        return new ProtobufWriter().message(7, new ProtobufWriter().message(15, sparse));
      },
    ],
    [
      'an attribute of a node',
      (file) => new ProtobufWriter().message(7, attributeOf(5, tensorIn(file))),
    ],
    [
      'a graph inside of a node',
      (file) => new ProtobufWriter().message(7, attributeOf(6, graphWith(tensorIn(file)))),
    ],
    [
      'one of the graphs inside of a node',
      (file) => new ProtobufWriter().message(7, attributeOf(11, graphWith(tensorIn(file)))),
    ],
    [
      'a function',
      (file) => {
        const attribute = new ProtobufWriter().message(5, tensorIn(file));
        const node = new ProtobufWriter().message(5, attribute);
        return new ProtobufWriter().message(25, new ProtobufWriter().message(7, node));
      },
    ],
  ];

  async function verifyWith(graphBytes: Uint8Array): Promise<unknown> {
    await writeFile(join(folder, 'graph.onnx'), graphBytes);
    await writeFile(join(folder, 'weights.bin'), 'w');
    const entry = (path: string, bytes: Uint8Array) => ({
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    });
    await writeManifest({
      files: [entry('graph.onnx', graphBytes), entry('weights.bin', Buffer.from('w'))],
    });
    return verifyPackage(folder);
  }

  it.each(places)('may come from a listed file, but from no other: %s', async (_, write) => {
    expect(await verifyWith(write('weights.bin').finish())).toMatchObject({ id: 'example' });
    await writeFile(join(folder, 'other.bin'), 'o');
    for (const file of [
      'other.bin',
      '../weights.bin',
      '/etc/hostname',
      './weights.bin',
      '*/_ORT_MEM_ADDR_/*',
      'weights.bin\0',
      '\uFEFFweights.bin',
      '',
    ]) {
      await expect(verifyWith(write(file).finish())).rejects.toMatchObject({
        code: 'package-invalid',
        sentence: 'packageFileUnlisted',
        detail: { file },
      });
    }
  });

  it.each([
    ['ends early', Buffer.from([0x3a, 0x05, 0x00])],
    ['uses groups, which other readers skip', Buffer.from([0x0b, 0x0c])],
    ['has a number without an end', Buffer.alloc(1000, 0xff)],
    [
      'is nested deeper than any network',
      (() => {
        let inner = graphWith(tensorIn('weights.bin'));
        for (let depth = 0; depth < 100; depth++) inner = attributeOf(6, inner);
        return new ProtobufWriter().message(7, inner).finish();
      })(),
    ],
  ])('cannot be told where the graph %s, which is refused', async (_, bytes) => {
    await expect(verifyWith(bytes)).rejects.toMatchObject({ sentence: 'packageGraphUnreadable' });
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
    [
      'names a graph that would be read as another format',
      {
        graphs: { ...manifest.graphs, mask: { ...graph, file: 'graph.ort' } },
        files: [...manifest.files, { ...manifest.files[0]!, path: 'graph.ort' }],
      },
      /expected a name that ends in \.onnx/,
    ],
    ...['graph\\.onnx', 'C:graph.onnx', 'a//b', './graph.onnx', '.hidden', 'a\0b', 'a\nb'].map(
      (path): [string, object, RegExp] => [
        `lists a file of the odd name ${JSON.stringify(path)}`,
        { files: [...manifest.files, { ...manifest.files[0]!, path }] },
        /names consist of letters/,
      ],
    ),
  ])('when it %s', async (_, changes, message) => {
    await writeManifest(changes);
    await expect(verifyPackage(folder)).rejects.toThrow(message);
    await expect(verifyPackage(folder)).rejects.toMatchObject({ code: 'package-invalid' });
  });
});
