/// <reference lib="esnext.float16" />
import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  convertCheckpoint,
  type ConvertProgress,
} from '../../../../../../models/families/pixel-sail/convert/convert.ts';
import {
  copyCheckpoint,
  rawTensor,
  type CheckpointEdit,
} from '../../../../../support/checkpoint.ts';
import { asOrdinaryUser } from '../../../../../support/ordinary-user.ts';

const fixture = resolve(import.meta.dirname, '../../../../../fixtures/parity-small');
const options = { precision: 'fp32', id: 'bad', title: 'Bad' } as const;
const query = 'single_transformer.model.layers.1.self_attn.q_proj.weight';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function convertEdited(edit: Partial<CheckpointEdit>): Promise<unknown> {
  const checkpoint = await copyCheckpoint(fixture, join(folder, 'checkpoint'), edit);
  return convertCheckpoint(checkpoint, join(folder, 'package'), options);
}

/** The refused conversion must say why and leave nothing beside the checkpoint. */
async function expectRefusal(edit: Partial<CheckpointEdit>, message: RegExp): Promise<void> {
  await expect(convertEdited(edit)).rejects.toMatchObject({
    code: 'checkpoint-invalid',
    message: expect.stringMatching(message) as string,
  });
  expect(await readdir(folder)).toEqual(['checkpoint']);
}

describe('a checkpoint is refused and leaves nothing behind', () => {
  it.each<[string, Partial<CheckpointEdit>, RegExp]>([
    [
      'a tensor is missing',
      { tensors: (tensors) => tensors.delete(query) },
      /lacks the tensor single_transformer\.model\.layers\.1\.self_attn\.q_proj\.weight of shape \[32, 32\]/,
    ],
    [
      'a tensor is extra',
      {
        tensors: (tensors) =>
          tensors.set('model.layers.2.bias', rawTensor('F32', [1], Float32Array.of(1))),
      },
      /1 tensors that do not belong to the network of config\.json: model\.layers\.2\.bias/,
    ],
    [
      'a tensor has the wrong shape',
      { tensors: (tensors) => tensors.set(query, { ...tensors.get(query)!, shape: [16, 64] }) },
      /q_proj\.weight has the wrong shape: expected \[32, 32\] by config\.json, found \[16, 64\]/,
    ],
    [
      'a tensor holds NaN',
      {
        tensors: (tensors) =>
          tensors.set(query, rawTensor('F16', [32, 32], new Float16Array(1024).fill(NaN, 1023))),
      },
      /q_proj\.weight holds NaN at element 1023/,
    ],
    [
      'a tensor is of a type that no weight has',
      {
        tensors: (tensors) =>
          tensors.set(query, rawTensor('I64', [32, 32], new BigInt64Array(1024))),
      },
      /q_proj\.weight is stored as I64; expected F32, F16 or BF16/,
    ],
    [
      'the vocabulary differs from the embedding table',
      { config: (config) => (config['vocab_size'] = 330) },
      /embed_tokens\.weight has the wrong shape: expected \[330, 32\] .* found \[320, 32\]\. vocab_size in config\.json is 330/,
    ],
    [
      'the head should be its own and is not there',
      { config: (config) => (config['tie_word_embeddings'] = false) },
      /lacks the tensor single_transformer\.lm_head\.weight .* set tie_word_embeddings/,
    ],
    [
      'a token id lies outside the vocabulary',
      { config: (config) => (config['prompt_token_ids'] = [268, 4000]) },
      /names the token id 4000, but vocab_size is 320/,
    ],
    [
      'a special token has no id',
      { config: (config) => (config['special_token_ids'] = { '<vision>': 259 }) },
      /no id for the token <vpatch>/,
    ],
    [
      'heads cannot be grouped',
      { config: (config) => (config['num_key_value_heads'] = 3) },
      /4 attention heads for 3 key-value heads/,
    ],
    [
      'the head width is odd',
      { config: (config) => (config['head_dim'] = 6) },
      /head width of 6; expected a multiple of 4/,
    ],
    [
      'a size is missing',
      { config: (config) => delete config['hidden_size'] },
      /config\.json is incomplete: .*hidden_size/s,
    ],
  ])('when %s', (_, edit, message) => expectRefusal(edit, message));

  it('when config.json is missing or no JSON', async () => {
    const checkpoint = await copyCheckpoint(fixture, join(folder, 'checkpoint'));
    await writeFile(join(checkpoint, 'config.json'), '{');
    const convert = (): Promise<unknown> =>
      convertCheckpoint(checkpoint, join(folder, 'package'), options);
    await expect(convert()).rejects.toThrow(/config\.json is not JSON/);
    await rm(join(checkpoint, 'config.json'));
    await expect(convert()).rejects.toMatchObject({ sentence: 'checkpointFileMissing' });
  });

  it('when it has no tokenizer', async () => {
    const checkpoint = await copyCheckpoint(fixture, join(folder, 'checkpoint'));
    await rm(join(checkpoint, 'tokens.json'));
    await expect(
      convertCheckpoint(checkpoint, join(folder, 'package'), options),
    ).rejects.toMatchObject({
      sentence: 'checkpointWithout',
      detail: { file: 'tokenizer.json' },
    });
    expect(await readdir(folder)).toEqual(['checkpoint']);
  });

  it('when its file is cut off', async () => {
    const checkpoint = await copyCheckpoint(fixture, join(folder, 'checkpoint'));
    const file = join(checkpoint, 'model.safetensors');
    await writeFile(file, (await readFile(file)).subarray(0, 100_000));
    await expect(
      convertCheckpoint(checkpoint, join(folder, 'package'), options),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/is truncated: expected at least/) as string,
      sentence: 'checkpointTruncated',
    });
    expect(await readdir(folder)).toEqual(['checkpoint']);
  });
});

describe('a conversion', () => {
  it('takes what training leaves beside the network, and a head that repeats the tied table', async () => {
    const tensors: CheckpointEdit['tensors'] = (all) => {
      all.set('m2f_distill_linear.weight', rawTensor('F32', [2, 2], new Float32Array(4)));
      all.set(
        'single_transformer.lm_head.weight',
        all.get('single_transformer.model.embed_tokens.weight')!,
      );
    };
    await expect(convertEdited({ tensors })).resolves.toMatchObject({ id: 'bad' });
  });

  it('reports the bytes it has copied up to the last', async () => {
    const reported: ConvertProgress[] = [];
    await convertCheckpoint(fixture, join(folder, 'package'), {
      ...options,
      onProgress: (progress) => reported.push(progress),
    });
    expect(reported.length).toBeGreaterThan(40);
    expect(
      reported.every((progress, i) => i === 0 || progress.doneBytes > reported[i - 1]!.doneBytes),
    ).toBe(true);
    expect(reported.at(-1)!.doneBytes).toBe(reported.at(-1)!.totalBytes);
  });

  it('that is cancelled half-way leaves nothing behind', async () => {
    const controller = new AbortController();
    const onProgress = ({ doneBytes, totalBytes }: ConvertProgress): void => {
      if (doneBytes > totalBytes / 2) controller.abort();
    };
    await expect(
      convertCheckpoint(fixture, join(folder, 'package'), {
        ...options,
        signal: controller.signal,
        onProgress,
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses an id that no manifest may have', async () => {
    const convert = convertCheckpoint(fixture, join(folder, 'package'), {
      ...options,
      id: 'My model',
    });
    await expect(convert).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not overwrite what is there', async () => {
    await writeFile(join(folder, 'package'), 'mine');
    await expect(
      convertCheckpoint(fixture, join(folder, 'package'), options),
    ).rejects.toMatchObject({ code: 'already-exists' });
    expect(await readFile(join(folder, 'package'), 'utf8')).toBe('mine');
  });

  it('into a folder that is read-only says so', async () => {
    await chmod(folder, 0o555);
    const convert = (): Promise<unknown> =>
      convertCheckpoint(fixture, join(folder, 'package'), options);
    await expect(asOrdinaryUser(convert)).rejects.toMatchObject({ code: 'permission-denied' });
    await chmod(folder, 0o755);
  });
});

describe('the files of a checkpoint', () => {
  const files = ['config.json', 'model.safetensors', 'tokens.json'];

  async function copied(): Promise<string> {
    return copyCheckpoint(fixture, join(folder, 'checkpoint'), {});
  }

  it.each(files)('may be no link that leads outside, and no pipe: %s', async (name) => {
    const checkpoint = await copied();
    await rename(join(checkpoint, name), join(folder, name));
    await symlink(join(folder, name), join(checkpoint, name));
    const convert = () => convertCheckpoint(checkpoint, join(folder, 'package'), options);
    await expect(convert()).rejects.toMatchObject({ sentence: 'checkpointFileOutside' });
    await rm(join(checkpoint, name));
    execFileSync('/usr/bin/mkfifo', [join(checkpoint, name)]);
    await expect(convert()).rejects.toMatchObject({ sentence: 'checkpointFileNotPlain' });
  });

  it.each(['../model.safetensors', '/etc/hostname', '..', 'a\\b', 'sub/model.safetensors'])(
    'may be no shard that lies elsewhere: %s',
    async (shard) => {
      const checkpoint = await copied();
      await rename(join(checkpoint, 'model.safetensors'), join(folder, 'model.safetensors'));
      const index = JSON.stringify({ weight_map: { [query]: shard } });
      await writeFile(join(checkpoint, 'model.safetensors.index.json'), index);
      await expect(
        convertCheckpoint(checkpoint, join(folder, 'package'), options),
      ).rejects.toMatchObject({ sentence: 'checkpointFileOutside' });
    },
  );

  it('may be links into the blobs of Hugging Face’s cache', async () => {
    const checkpoint = await copied();
    const snapshot = join(folder, 'model', 'snapshots', 'f00d');
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(folder, 'model', 'blobs'));
    for (const name of await readdir(checkpoint)) {
      await rename(join(checkpoint, name), join(folder, 'model', 'blobs', `hash-of-${name}`));
      await symlink(`../../blobs/hash-of-${name}`, join(snapshot, name));
    }
    expect(await convertCheckpoint(snapshot, join(folder, 'package'), options)).toMatchObject({
      id: 'bad',
    });
  });
});
