import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cropBox } from '../../../../core/formats/crops/crop-box.ts';
import { crops } from '../../../../core/formats/crops/format.ts';
import { folderNames } from '../../../../core/formats/crops/folder-names.ts';
import { cropOptions } from '../../../../core/formats/crops/options.ts';
import type { WrittenNote } from '../../../../core/formats/dataset-row.ts';
import { anyDataset, datasetSource } from '../../../support/dataset-source.ts';
import { memoryOutput } from '../../../support/memory-dataset.ts';

const near = (most: number) => fc.double({ min: -3, max: most, noNaN: true });

test('a crop holds its region as far as the photo goes, and lies inside the photo', () => {
  fc.assert(
    fc.property(
      fc.tuple(near(40), near(30), near(40), near(30)),
      fc.integer({ min: 0, max: 400 }),
      ([x, y, width, height], margin) => {
        const photo = { width: 40, height: 30 };
        const box = [x, y, Math.abs(width) + 0.1, Math.abs(height) + 0.1] as const;
        const [left, top, across, down] = cropBox([...box], margin, photo);
        for (const side of [left, top, across, down]) expect(Number.isInteger(side)).toBe(true);
        expect(left >= 0 && top >= 0 && across >= 1 && down >= 1).toBe(true);
        expect(left + across <= 40 && top + down <= 30).toBe(true);
        expect(left).toBeLessThanOrEqual(Math.max(0, Math.min(x, 39)));
        expect(left + across).toBeGreaterThanOrEqual(Math.max(0, Math.min(40, x + box[2])));
        expect(top + down).toBeGreaterThanOrEqual(Math.max(0, Math.min(30, y + box[3])));
      },
    ),
  );
});

test('folders are named after categories, apart on every disk', () => {
  const { categories } = datasetSource(
    ['Cup', 'cup', 'a/b', '..', 'CON', 'a:b', '安全帽'].map((name) => ({ name })),
    [],
  );
  expect([...folderNames(categories).values()]).toEqual([
    ...['Cup', 'cup-2', 'a-b', '_', '_CON', 'a-b-2', '安全帽'],
  ]);
});

test('each region with a category is one file, named in the table; all others are named as left out', async () => {
  await fc.assert(
    fc.asyncProperty(anyDataset, async (source) => {
      const output = memoryOutput();
      const notes: WrittenNote[] = [];
      await crops.writer!.write(source, cropOptions.parse({}), output, (note) => notes.push(note));
      const all = [...source.images()].flatMap((image) => image.annotations());
      const written = all.filter(
        ({ category, annotation: { bbox } }) => category && bbox[2] > 0 && bbox[3] > 0,
      );
      expect(output.files.size).toBe(written.length + 1);
      expect(notes).toHaveLength(all.length - written.length);
      const table = Buffer.from(output.files.get('index.csv')!).toString();
      for (const path of output.files.keys())
        if (path !== 'index.csv') expect(table).toContain(path.replaceAll('"', '""'));
    }),
    { numRuns: 30 },
  );
});
