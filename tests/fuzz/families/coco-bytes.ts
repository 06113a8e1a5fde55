import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { refused, type Family } from '../family.ts';
import { dataset, writeDatasetPhotos } from './coco-dataset.ts';

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
      await writeFile(file, mutator.damagedBytes(encode(text, mutator.below(8))));
      await application.newProject(folder);
      try {
        const result = await application.call('dataset.importCoco', { file, images });
        return result.ok ? { ended: 'accepted' } : refused(result.error);
      } finally {
        await application.clear();
      }
    };
  },
};

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
