import { describe, expect, test } from 'vitest';
import { meteor } from '../../../../core/scores/meteor.ts';
import { porterStem } from '../../../../core/scores/porter-stem.ts';

/**
 * Words of Porter's paper and of NLTK's amendments, each with the stem that NLTK 3.9's
 * PorterStemmer gives.
 */
const stems =
  'caresses:caress ponies:poni ties:tie cats:cat feed:feed agreed:agre plastered:plaster bled:bled motoring:motor ' +
  'sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss fizzed:fizz ' +
  'failing:fail filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration valenci:valenc ' +
  'digitizer:digit conformabli:conform radicalli:radic differentli:differ vileli:vile vietnamization:vietnam ' +
  'operator:oper feudalism:feudal decisiveness:decis hopefulness:hope formaliti:formal sensitiviti:sensit ' +
  'sensibiliti:sensibl triplicate:triplic formative:form formalize:formal electriciti:electr electrical:electr ' +
  'goodness:good revival:reviv allowance:allow airliner:airlin adjustable:adjust defensible:defens irritant:irrit ' +
  'replacement:replac adjustment:adjust dependent:depend adoption:adopt homologou:homolog communism:commun ' +
  'activate:activ angulariti:angular effective:effect bowdlerize:bowdler probate:probat rate:rate cease:ceas ' +
  'controll:control roll:roll biologically:biolog dies:die died:die flies:fli enjoy:enjoy as:as enjoyment:enjoy ' +
  'skies:sky dying:die news:news innings:inning proceed:proceed yyyy:yyyi archaeology:archaeolog usefully:use';

test('stems are those of Porter with NLTK’s amendments', () => {
  for (const pair of stems.split(' ')) {
    const [word, stem] = pair.split(':') as [string, string];
    expect([word, porterStem(word)]).toEqual([word, stem]);
  }
  expect(porterStem('Ponies')).toBe('poni');
});

describe('METEOR', () => {
  /** Values of NLTK 3.9's single_meteor_score with its WordNet stage taken out. */
  test.each([
    ['a brown horse, next to grass', 'a brown horse, next to grass', 0.9976851851851852],
    ['A horse.', 'a brown horse, next to grass', 0.17857142857142855],
    ['grass next to brown horses', 'a brown horse, next to grass', 0.7559322033898305],
    ['a brown dog next to a tree', 'a brown horse, next to grass', 0.5174180327868853],
    ['the cat sat on the mat', 'on the mat sat the cat', 0.5],
    [
      'It is a guide to action which ensures that the military always obeys the commands of the party',
      'It is a guide to action that ensures that the military will forever heed Party commands',
      0.6944444444444445,
    ],
  ])('of “%s” is NLTK’s', (hypothesis, reference, value) => {
    expect(meteor(hypothesis, [reference])).toBeCloseTo(value, 12);
  });

  test('takes the best reference, and is 0 without words in common or without a reference', () => {
    expect(meteor('a red car', ['a horse', 'a red car'])).toBe(meteor('a red car', ['a red car']));
    expect(meteor('sky', ['a horse'])).toBe(0);
    expect(meteor('', ['a horse'])).toBe(0);
    expect(meteor('a horse', [])).toBe(0);
  });
});
