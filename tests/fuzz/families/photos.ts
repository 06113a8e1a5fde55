import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import type { ImagePage } from '../../../app/api/contract/images.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { drawPhoto, photoKinds } from '../draw-photo.ts';
import { refused, type Family } from '../family.ts';
import { serveFile, valueOf } from '../project-walk.ts';

const variants = ['thumbnail', 'full', 'tile-0-0-0', 'tile-9-9-9', 'nonsense'];

/**
 * Damaged photos beside a sound one: the sound one is imported, the damaged one imported or named.
 */
export const photos: Family = {
  name: 'photos',
  weight: 22,
  async prepare() {
    const application = await ApplicationUnderTest.make();
    const sound = await drawPhoto('png', 0);
    const originals = await Promise.all(photoKinds.map((kind) => drawPhoto(kind, 3)));
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9000000" height="9"><image href="file:///etc/passwd"/></svg>',
    );
    return async (mutator, folder) => {
      const images = join(folder, 'photos');
      await mkdir(images);
      await writeFile(join(images, 'sound.png'), sound);
      const bytes = mutator.damagedBytes(mutator.pick([...originals, svg]));
      const ending = mutator.pick(['jpg', 'png', 'webp', 'tif', 'gif', 'avif']);
      await writeFile(join(images, `damaged.${ending}`), bytes);
      await application.newProject(folder);
      try {
        const result = await application.call('images.importFolder', { folder: images });
        if (!result.ok) return refused(result.error);
        const { images: imported, skipped } = result.value as ImportReport;
        if (imported + skipped.length !== 2) {
          return {
            ended: 'accepted',
            fault: `silent drop: ${imported} of 2 imported, ${skipped.length} named`,
          };
        }
        const page = valueOf(await application.call('images.list', { offset: 0, limit: 9 }));
        for (const { id, path } of (page as ImagePage).rows) {
          const isSound = path === 'sound.png';
          if (isSound) await application.application.imageFile(id, 'full');
          for (const variant of variants) {
            const outcome = await serveFile(application, id, variant);
            if (outcome) return outcome;
          }
        }
        const [note] = skipped;
        if (!note) return { ended: 'accepted' };
        if (!note.what.includes('damaged')) {
          return { ended: 'accepted', fault: `the sound photo was left out: ${note.reason}` };
        }
        return refused(note.error ?? { code: 'named', message: note.reason });
      } finally {
        await application.clear();
      }
    };
  },
};
