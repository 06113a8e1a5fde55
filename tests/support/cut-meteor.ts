import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { meteorDictionary } from '../../core/scores/meteor15/meteor-dictionary.ts';
import { synsetsOf, type Synsets } from '../../core/scores/meteor15/synsets.ts';

/** The tables that the golden values of METEOR 1.5 need, as its jar and its folder have them. */
export const meteorFiles = {
  synsets: read('english.synsets').toString(),
  exceptions: read('english.exceptions').toString(),
  /** Paraphrases of our own, packed. */
  paraphrases: read('paraphrase-en.gz'),
};

/** The part of WordNet 3.0 that they need. */
export function cutSynsets(): Synsets {
  return synsetsOf(meteorDictionary(meteorFiles.synsets, meteorFiles.exceptions));
}

/** The text of the table of paraphrases, in one part. */
export async function* paraphraseTable(): AsyncGenerator<string> {
  yield gunzipSync(meteorFiles.paraphrases).toString();
}

function read(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/scores/meteor/${name}`, import.meta.url));
}
