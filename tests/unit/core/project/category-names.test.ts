import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoriesFor, CategoryNames } from '../../../../core/project/category-names.ts';
import { chooseCategory } from '../../../../renderer/editor/changes.ts';
import { importText, makeCategory } from '../datasets.ts';

const boat = makeCategory('boat-id', { name: 'Boat' });

/**
 * Names of one category: letter case, white space and Unicode normalisation do not tell them
 * apart.
 */
const sameNames = [
  ['Boat', 'boat'],
  ['Boat', ' BOAT '],
  ['fire  hydrant', 'Fire hydrant'],
  ['fire\u00a0hydrant', 'fire\thydrant'],
  ['caf\u00e9', 'CAFE\u0301'],
  ['ЛОДКА', 'лодка'],
] as const;

describe('a category is found by name', () => {
  it.each(sameNames)('%j is %j', (name, other) => {
    const category = makeCategory('id', { name });
    expect(new CategoryNames([category]).find(other)).toBe(category);
    expect(new CategoryNames([category]).has(other)).toBe(true);
  });

  it.each([
    ['boat', 'boats'],
    ['cafe', 'café'],
    ['fire hydrant', 'firehydrant'],
    ['A', '\uff21'],
  ])('%j is not %j', (name, other) => {
    expect(new CategoryNames([makeCategory('id', { name })]).find(other)).toBeNull();
  });

  it('of the same spelling where a project has both', () => {
    const [upper, lower] = ['A', 'a'].map((name) => makeCategory(name, { name }));
    const names = new CategoryNames([upper!, lower!]);
    expect([names.find('a'), names.find('A'), names.find(' a ')]).toEqual([lower, upper, upper]);
  });

  it('whatever is done to its case, white space and normalisation', () => {
    const spaces = fc.constantFrom(' ', '  ', '\t', '\u00a0');
    // Letters with one lower and one upper case form: "ß" becomes "SS", and a final sigma another
    // letter.
    const words = fc.array(fc.stringMatching(/^[a-zé]{1,6}$/), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(words, spaces, fc.constantFrom('NFC', 'NFD'), (parts, space, form) => {
        const category = makeCategory('id', { name: parts.join(' ') });
        const other = ` ${parts.join(space).toUpperCase().normalize(form)}`;
        expect(new CategoryNames([category]).find(other)).toBe(category);
      }),
    );
  });
});

describe('every way to name a category has the one rule', () => {
  it.each(sameNames)('%j and %j in the window, a batch and an import', async (name, other) => {
    const category = makeCategory('id', { name });
    expect(chooseCategory(other, [category])).toEqual({ kind: 'existing', category });
    expect(categoriesFor([category], [other])).toEqual({
      ids: new Map([[other, 'id']]),
      added: [],
    });
    const file = { images: [], annotations: [], categories: [{ id: 1, name: other }] };
    const imported = await importText(JSON.stringify(file), [], [category]);
    expect(imported.report.categories).toBe(1);
    expect(imported.added).toEqual([]);
  });

  it('makes one category of a batch that names it twice', () => {
    const { ids, added } = categoriesFor([], ['Boat', 'boat ']);
    expect(added.map(({ name }) => name)).toEqual(['Boat']);
    expect([ids.get('Boat'), ids.get('boat ')]).toEqual([added[0]!.id, added[0]!.id]);
  });
});

describe('an import', () => {
  const file = (...names: string[]) =>
    JSON.stringify({
      images: [],
      annotations: [],
      categories: names.map((name, index) => ({ id: index + 1, name })),
    });

  it("keeps a file's own categories apart that differ in letter case", async () => {
    const { added } = await importText(file('A', 'a'), []);
    expect(added).toMatchObject([{ name: 'A' }, { name: 'a' }]);
  });

  it('says so where two of them are one category of the project', async () => {
    const { report } = await importText(file('boat', 'Boat'), [], [boat]);
    expect(report.warnings.map(({ reason }) => reason)).toHaveLength(1);
  });

  it("takes the project's category as a parent, however it is spelled", async () => {
    const vehicle = makeCategory('vehicle', { name: 'Vehicle' });
    const rows = [{ id: 1, name: 'boat', supercategory: 'vehicle' }];
    const { added } = await importText(
      JSON.stringify({ images: [], annotations: [], categories: rows }),
      [],
      [vehicle],
    );
    expect(added).toMatchObject([{ name: 'boat', parentId: 'vehicle' }]);
  });
});
