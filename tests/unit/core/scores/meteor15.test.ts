import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { englishStem } from '../../../../core/scores/meteor15/english-stem.ts';
import type { MeteorTables } from '../../../../core/scores/meteor15/matches.ts';
import { meteorCounts, scoreOf, sumOf } from '../../../../core/scores/meteor15/meteor.ts';
import { normalize } from '../../../../core/scores/meteor15/normalize.ts';
import { phrasesOf, readParaphrases } from '../../../../core/scores/meteor15/paraphrases.ts';
import { synsetsOf } from '../../../../core/scores/meteor15/synsets.ts';
import { Wordnet, wordnetParts } from '../../../../core/scores/wordnet.ts';
import { cutSynsets, meteorFiles, paraphraseTable } from '../../../support/cut-meteor.ts';

interface Golden {
  readonly items: readonly number[];
  readonly all: number;
}

/** Values of the jar of pycocoevalcap 1.2: tests/fixtures/scores/make_golden.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../../fixtures/scores/captions.json', import.meta.url), 'utf8'),
) as {
  readonly items: readonly { readonly tokens: string; readonly referenceTokens: string[] }[];
  readonly javaMeteor: number;
  readonly javaMeteors: readonly number[];
  readonly javaMeteorStages: Golden;
  readonly javaMeteorSynonyms: Golden;
  readonly javaMeteorParaphrases: Golden;
};
const split = (text: string) => text.split(' ').filter((token) => token !== '');
const captions = golden.items.map(({ tokens, referenceTokens }) => ({
  tokens: split(tokens),
  references: referenceTokens.map(split),
}));

function scores(tables: MeteorTables): Golden {
  const counts = captions.map(({ tokens, references }) => meteorCounts(tokens, references, tables));
  return { items: counts.map(scoreOf), all: scoreOf(sumOf(counts)) };
}

function expectNear(found: Golden, wanted: Golden): void {
  const values = [...found.items, found.all];
  const far = [...wanted.items, wanted.all].flatMap((value, index) =>
    Math.abs(values[index]! - value) <= 1e-6 ? [] : [[index, values[index], value]],
  );
  expect(far).toEqual([]);
}

describe('METEOR 1.5 is that of Java, of each of 240 texts and of the set', () => {
  test('with exact matches and stems', () => {
    expect(captions).toHaveLength(240);
    expectNear(scores({ synsets: null, paraphrases: null }), golden.javaMeteorStages);
  });

  test('with the synonyms of its jar', () => {
    expectNear(scores({ synsets: cutSynsets(), paraphrases: null }), golden.javaMeteorSynonyms);
    expect(golden.javaMeteorSynonyms).not.toEqual(golden.javaMeteorStages);
  });

  test('with a table of paraphrases, some of several words', async () => {
    const texts = captions.flatMap(({ tokens, references }) => [tokens, ...references]);
    const phrases = phrasesOf(texts.map(normalize));
    const paraphrases = await readParaphrases(paraphraseTable(), phrases);
    expectNear(scores({ synsets: cutSynsets(), paraphrases }), golden.javaMeteorParaphrases);
    expect(golden.javaMeteorParaphrases).not.toEqual(golden.javaMeteorSynonyms);
  });
});

test('without paraphrases, 3 of 240 texts differ from the full METEOR 1.5, and the set by 0.0002', () => {
  const found = scores({ synsets: cutSynsets(), paraphrases: null });
  const far = golden.javaMeteors.filter((value, at) => Math.abs(value - found.items[at]!) > 1e-6);
  expect(far).toHaveLength(3);
  expect(Math.abs(golden.javaMeteor - found.all)).toBeCloseTo(0.00018, 5);
});

test('WordNet’s own files give the synonyms of the jar', () => {
  const rows = meteorFiles.synsets.trimEnd().split('\n');
  const index = rows.flatMap((word, at) => {
    if (at % 2 === 1) return [];
    const offsets = rows[at + 1]!.split(' ');
    return [[word, 'n', offsets.length, 0, offsets.length, 0, ...offsets].join(' ')];
  });
  const forms = meteorFiles.exceptions.trimEnd().split('\n');
  const exceptions = forms.flatMap((base, at) =>
    at % 2 === 1 ? [] : forms[at + 1]!.split(' ').map((form) => `${form} ${base}`),
  );
  const empty = { index: '', data: '', exceptions: '' };
  const files = Object.fromEntries(wordnetParts.map((part) => [part, empty] as const));
  const noun = { ...empty, index: index.join('\n'), exceptions: exceptions.join('\n') };
  const wordnet = new Wordnet({ ...(files as ConstructorParameters<typeof Wordnet>[0]), noun });
  expectNear(scores({ synsets: synsetsOf(wordnet), paraphrases: null }), golden.javaMeteorSynonyms);
});

/** Each with what the English stemmer of the jar gives. */
test.each(
  (
    'skies:sky dying:die idly:idl news:news innings:inning herrings:herring generously:generous ties:tie ' +
    'cries:cri gas:gas this:this kiwis:kiwi classes:class agreedly:agre sleepingly:sleep luxuriated:luxuri ' +
    'hopped:hop hoping:hope filing:file bed:bed cry:cri by:by say:say youth:youth boyish:boyish ' +
    'rationally:ration sensibilities:sensibl analogy:analog hopefully:hope relative:relat adoption:adopt ' +
    "controlling:control dogs':dog o'clock:o'clock 's:'s commune:commune early:earli"
  ).split(' '),
)('the stem of %s', (pair) => {
  const [word, stem] = pair.split(':') as [string, string];
  expect(englishStem(word)).toBe(stem);
});

test.each([
  ["a man 's well-lit room", "a man ' s well lit room"],
  ['5:30 and/or 10%', '5 : 30 and / or 10 %'],
  ['the u.s. flag of mr. smith and dr.', 'the us flag of mr. smith and dr .'],
  ["we 've they're o'clock", "we ' ve they 're o 'clock"],
  ['a vs. 3 rev.', 'a vs. 3 rev.'],
  ['pp. 5 pp. é', 'pp. 5 pp . é'],
])('%s is parted once more', (tokens, words) => {
  expect(normalize(tokens.split(' ')).join(' ')).toBe(words);
});
