import { readFileSync } from 'node:fs';
import { Wordnet, wordnetParts, type WordnetFiles } from '../../core/scores/wordnet.ts';

/** The part of WordNet 3.0 that the golden values of METEOR need. */
export function cutWordnet(): Wordnet {
  const read = (name: string) =>
    readFileSync(new URL(`../fixtures/scores/wordnet/${name}`, import.meta.url), 'latin1');
  const files = wordnetParts.map((part): [string, WordnetFiles] => [
    part,
    { index: read(`index.${part}`), data: read(`data.${part}`), exceptions: read(`${part}.exc`) },
  ]);
  return new Wordnet(Object.fromEntries(files) as ConstructorParameters<typeof Wordnet>[0]);
}
