import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { captionTokens } from '../../../core/scores/caption-tokens.ts';
import type { MeteorTables } from '../../../core/scores/meteor15/matches.ts';
import { meteorDictionary } from '../../../core/scores/meteor15/meteor-dictionary.ts';
import { normalize } from '../../../core/scores/meteor15/normalize.ts';
import { phrasesOf, readParaphrases } from '../../../core/scores/meteor15/paraphrases.ts';
import { synsetsOf } from '../../../core/scores/meteor15/synsets.ts';
import { toFileError } from '../../files/file-error.ts';
import { ZipDataset } from '../../files/zip-dataset.ts';
import { scoreFailure } from './sentences.ts';

/** Its jar has the tables of synonyms, and the folder beside it those of paraphrases. */
const jarFile = 'meteor-1.5.jar';
const paraphraseFile = join('data', 'paraphrase-en.gz');

/**
 * The folder of Meteor 1.5 (of pycocoevalcap, `meteor`): the one given, or that of
 * PIXELSAIL_METEOR. Null where none is named.
 * @throws AppError `not-found` where a named folder lacks a file
 */
export function findMeteor(given: string | null): string | null {
  const folder = given ?? process.env['PIXELSAIL_METEOR'];
  if (folder === undefined || folder === '') return null;
  const file = [jarFile, paraphraseFile].find((each) => !existsSync(join(folder, each)));
  if (file !== undefined) throw scoreFailure('not-found', 'meteorMissing', { folder, file });
  return folder;
}

/**
 * Meteor's own tables of synonyms and paraphrases, as far as some texts can use them.
 * @param folder as {@link findMeteor} gives it
 * @throws AppError `not-found`, `permission-denied`; `invalid-input` for files that are damaged
 *   or are no tables of Meteor
 */
export async function readMeteor(folder: string, texts: Iterable<string>): Promise<MeteorTables> {
  const synsets = await reading(join(folder, jarFile), async (path) => {
    const jar = await ZipDataset.open(path);
    const [words, exceptions] = await Promise.all(
      ['synsets', 'exceptions'].map((table) => jar.text(`synonym/english.${table}`)),
    );
    return synsetsOf(meteorDictionary(words!, exceptions!));
  });
  const phrases = phrasesOf(Array.from(texts, (text) => normalize(captionTokens(text))));
  const paraphrases = await reading(join(folder, paraphraseFile), (path) => {
    const unpacked = pipeline(createReadStream(path), createGunzip(), () => undefined);
    const lines: AsyncIterable<string> = unpacked.setEncoding('utf8');
    return readParaphrases(lines, phrases);
  });
  return { synsets, paraphrases };
}

/** Says of a damaged file where a sound one comes from; failures of the disk stay as they are. */
async function reading<Table>(
  path: string,
  read: (path: string) => Promise<Table>,
): Promise<Table> {
  try {
    return await read(path);
  } catch (thrown) {
    const error = toFileError(thrown, 'read', path);
    if (error.sentence === 'fileFailed') throw error;
    const { reason: known } = error.detail;
    const reason = typeof known === 'string' ? known : (thrown as Error).message;
    throw scoreFailure('invalid-input', 'meteorDamaged', { path, reason }, thrown);
  }
}
