import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  shareOut,
  splitSharesSchema,
  type SharedImage,
  type SplitShares,
} from '../../../core/project/split-shares.ts';
import { splits, type Split } from '../../../core/records.ts';

const shares = (given: object): SplitShares =>
  splitSharesSchema.parse({ train: 8, validation: 1, test: 1, ...given });

const images = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c/d'), fc.nat(99)), {
    maxLength: 60,
    selector: (name) => name.join('/'),
  })
  .chain((names) =>
    fc.tuple(
      ...names.map(([folder, number]) =>
        fc.record<SharedImage>({
          path: fc.constant(`${folder}/${number % 7}_${number}.jpg`),
          split: fc.constantFrom(null, ...splits),
          categories: fc.subarray(['cup', 'hat', 'car']),
        }),
      ),
    ),
  );
const drawnShares = fc
  .record({
    ...{ train: fc.nat(9), validation: fc.nat(9), test: fc.nat(9) },
    seed: fc.nat(1000),
  })
  .filter(({ train, validation, test: tested }) => train + validation + tested > 0);

function counted(dealt: readonly Split[]): Record<Split, number> {
  const of = (split: Split): number => dealt.filter((each) => each === split).length;
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

describe('images shared out among splits', () => {
  test('are within one image of each share', () => {
    fc.assert(
      fc.property(images, drawnShares, (all, drawn) => {
        const counts = counted(shareOut(all, shares(drawn)));
        const sum = drawn.train + drawn.validation + drawn.test;
        for (const split of splits) {
          expect(Math.abs(counts[split] - (all.length * drawn[split]) / sum)).toBeLessThan(1);
        }
      }),
    );
  });

  test('stay with their group, and no share is passed by more than one group', () => {
    fc.assert(
      fc.property(
        images,
        drawnShares,
        fc.constantFrom('folder', 'pattern'),
        (all, drawn, groupBy) => {
          const dealt = shareOut(all, shares({ ...drawn, groupBy, pattern: '/([0-9]+)_' }));
          const groups = Map.groupBy(all.keys(), (index) => {
            const [, folder, number] = /^(.*)\/([0-9]+)_/.exec(all[index]!.path)!;
            return groupBy === 'folder' ? folder! : number!;
          });
          for (const members of groups.values()) {
            expect(new Set(members.map((index) => dealt[index])).size).toBe(1);
          }
          const largest = Math.max(0, ...[...groups.values()].map(({ length }) => length));
          const sum = drawn.train + drawn.validation + drawn.test;
          for (const split of splits) {
            const share = (all.length * drawn[split]) / sum;
            expect(counted(dealt)[split]).toBeLessThan(share + 1 + largest);
          }
        },
      ),
    );
  });

  test('get the same split with the same seed, in whatever order they come', () => {
    fc.assert(
      fc.property(images, drawnShares, (all, drawn) => {
        const dealt = shareOut(all, shares(drawn));
        const turned = shareOut(all.toReversed(), shares(drawn));
        expect(turned.toReversed()).toEqual(dealt);
      }),
    );
  });

  test('keep the split that they have where that is asked for', () => {
    fc.assert(
      fc.property(images, drawnShares, (all, drawn) => {
        const dealt = shareOut(all, shares({ ...drawn, keepsSplits: true }));
        all.forEach(({ split }, index) => {
          if (split !== null) expect(dealt[index]).toBe(split);
          else expect(splits).toContain(dealt[index]);
        });
      }),
    );
  });

  test('go elsewhere with another seed', () => {
    const many = Array.from({ length: 100 }, (_, index) => {
      return { path: `${index}.jpg`, split: null, categories: [] };
    });
    expect(shareOut(many, shares({ seed: 1 }))).not.toEqual(shareOut(many, shares({ seed: 2 })));
  });

  test('have each category in its share, however rare it is', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      path: `${index}.jpg`,
      split: null,
      categories: [
        'common',
        ...(index % 10 === 0 ? ['rare'] : []),
        ...(index % 100 === 0 ? ['rarest'] : []),
      ],
    }));
    const dealt = shareOut(many, shares({}));
    const of = (category: string): Record<Split, number> =>
      counted(dealt.filter((_, index) => many[index]!.categories.includes(category)));
    expect(of('common')).toEqual({ train: 800, validation: 100, test: 100 });
    expect(of('rare')).toEqual({ train: 80, validation: 10, test: 10 });
    expect(of('rarest')).toEqual({ train: 8, validation: 1, test: 1 });
  });
});

test('shares that are all 0, and what is no regular expression, are refused', () => {
  expect(splitSharesSchema.safeParse({ train: 0, validation: 0, test: 0 }).success).toBe(false);
  const broken = { train: 1, validation: 0, test: 0, groupBy: 'pattern', pattern: '(' };
  expect(splitSharesSchema.safeParse(broken).success).toBe(false);
});
