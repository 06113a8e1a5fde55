import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { refused, type Family } from '../family.ts';
import { findDamage } from '../project-walk.ts';
import { dataset, writeDatasetPhotos } from './coco-dataset.ts';
import { findSilentDrop } from './coco-rows.ts';

/** COCO files with damaged bytes, odd encodings and deep nesting. */
export const cocoBytes: Family = {
  name: 'coco-bytes',
  weight: 12,
  async prepare(shared) {
    const application = await ApplicationUnderTest.make();
    const images = join(shared, 'photos');
    await writeDatasetPhotos(images);
    const text = JSON.stringify(dataset);
    return async (mutator, folder) => {
      const file = join(folder, 'in.json');
      const encoded = encode(text, mutator.below(8));
      const bytes = mutator.chance(0.5)
        ? mutator.damagedBytes(encoded)
        : flipped(encoded, mutator.below(4), (end) => mutator.below(end));
      await writeFile(file, bytes);
      await application.newProject(folder);
      try {
        const result = await application.call('dataset.import', {
          path: file,
          format: 'coco',
          images,
        });
        if (!result.ok) return refused(result.error);
        const fault =
          findSilentDrop(parsed(bytes), result.value as ImportReport) ??
          (await findDamage(application));
        return { ended: 'accepted', ...(fault ? { fault } : {}) };
      } finally {
        await application.clear();
      }
    };
  },
};

/** Some letters and digits exchanged, so that the file stays JSON more often than not. */
function flipped(bytes: Buffer, count: number, below: (end: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let left = count; left > 0; left--) {
    const at = below(copy.length);
    const byte = copy[at]!;
    if (byte >= 48 && byte <= 57) copy[at] = 48 + below(10);
    else if (byte >= 97 && byte <= 122) copy[at] = 97 + below(26);
  }
  return copy;
}

/** The JSON value of the bytes; null if they are not JSON or not UTF-8. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString().replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}

function encode(text: string, form: number): Buffer {
  switch (form) {
    case 0:
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 1:
      return Buffer.from(`\ufeff${text}`);
    case 2: {
      const depth = 6000;
      return Buffer.from(
        text.replace('"info":', `"deep":${'['.repeat(depth)}${']'.repeat(depth)},"info":`),
      );
    }
    case 3:
      return Buffer.from(text.replaceAll('1', 'NaN'));
    default:
      return Buffer.from(text);
  }
}
