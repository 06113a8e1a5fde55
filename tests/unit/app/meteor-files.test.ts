import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { readMeteor } from '../../../app/features/scores/meteor-files.ts';
import { meteorFiles } from '../../support/cut-meteor.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meteor-'));
  await mkdir(join(folder, 'data'));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeJar(synsets = meteorFiles.synsets): Promise<void> {
  const jar = new ZipFile();
  jar.addBuffer(Buffer.from('Main-Class: Meteor'), 'META-INF/MANIFEST.MF');
  jar.addBuffer(Buffer.from(synsets), 'synonym/english.synsets');
  jar.addBuffer(Buffer.from(meteorFiles.exceptions), 'synonym/english.exceptions');
  jar.end();
  await writeFile(join(folder, 'meteor-1.5.jar'), jar.outputStream);
}

const writeParaphrases = (bytes: Uint8Array) =>
  writeFile(join(folder, 'data', 'paraphrase-en.gz'), bytes);
const read = () => readMeteor(folder, ['a cat next to a dog']);
const refusal = (file: string) => ({
  code: 'invalid-input',
  message: expect.stringMatching(
    `${file}.*Install the Python package pycocoevalcap again`,
  ) as string,
});

test('a table of paraphrases that is cut off, no archive or no table is refused', async () => {
  await writeJar();
  const lineWithoutEnd = gzipSync(Buffer.alloc(1 << 24, 'a'));
  for (const damaged of [
    meteorFiles.paraphrases.subarray(0, 100),
    Buffer.from('no archive'),
    Buffer.alloc(0),
    gzipSync('two\nlines\n'),
    gzipSync('one\ntwo\nthree\n'),
    lineWithoutEnd,
  ]) {
    await writeParaphrases(damaged);
    await expect(read()).rejects.toMatchObject(refusal('paraphrase-en.gz'));
  }
});

test('a jar that is no archive or has no synonyms is refused', async () => {
  await writeParaphrases(meteorFiles.paraphrases);
  await writeJar('neither a word\nnor its synsets');
  await expect(read()).rejects.toMatchObject(refusal('meteor-1.5.jar'));
  await writeFile(join(folder, 'meteor-1.5.jar'), 'no archive');
  await expect(read()).rejects.toMatchObject(refusal('meteor-1.5.jar'));
});

test('a table whose last line has no end is read as a whole', async () => {
  await writeJar();
  await writeParaphrases(gzipSync('0.5\nnext to\na dog'));
  const { paraphrases } = await read();
  expect(paraphrases!('next to')).toEqual([['a', 'dog']]);
});
