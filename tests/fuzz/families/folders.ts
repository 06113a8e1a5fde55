import { spawnSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import type { ImagePage } from '../../../app/api/contract/images.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { drawPhoto } from '../draw-photo.ts';
import { refused, type Family, type Outcome } from '../family.ts';
import type { Mutator } from '../mutator.ts';
import { serveFile, valueOf } from '../project-walk.ts';

const names = [
  'a.jpg',
  'new\nline.png',
  '\u202egpj.png',
  'e\u0301.jpg',
  'é.jpg',
  '-rf.jpg',
  '%00.jpg',
  '"quoted".png',
  `${'x'.repeat(250)}.jpg`,
  'image.jpg.png',
  ' .jpg',
];
const kinds = [
  'photo',
  'pipe',
  'socket',
  'folder',
  'dangling',
  'loop',
  'device',
  'unreadable',
] as const;

/**
 * Folders, COCO files and targets of exports that hold pipes, sockets, devices, links and odd
 * names: what is asked of them is answered, each sound photo is imported, and each other file that
 * is named like a photo is named or left alone.
 */
export const folders: Family = {
  name: 'folders',
  weight: 5,
  async prepare() {
    const application = await ApplicationUnderTest.make();
    const photo = await drawPhoto('jpeg', 5);
    return async (mutator, folder) => {
      const images = join(folder, 'photos');
      await mkdir(images);
      const chosen = names.filter(() => mutator.chance(0.5));
      const made = new Map<string, (typeof kinds)[number]>();
      for (const name of chosen) {
        const kind = mutator.chance(0.4) ? 'photo' : mutator.pick(kinds);
        await make(kind, join(images, name), photo);
        made.set(name, kind);
      }
      const coco = join(folder, 'in.json');
      const cocoKind = mutator.chance(0.8) ? 'photo' : mutator.pick(kinds);
      await make(cocoKind, coco, Buffer.from(JSON.stringify(datasetOf(chosen))));
      const target = join(folder, 'out.json');
      if (mutator.chance(0.5)) await make(mutator.pick(kinds), target, photo);
      await application.newProject(folder);
      try {
        return await ask(application, mutator, { images, coco, target }, made);
      } finally {
        await application.clear();
      }
    };
  },
};

async function ask(
  application: ApplicationUnderTest,
  mutator: Mutator,
  { images, coco, target }: { images: string; coco: string; target: string },
  made: ReadonlyMap<string, string>,
): Promise<Outcome> {
  const withCoco = mutator.chance(0.5);
  const result = withCoco
    ? await application.call('dataset.import', { path: coco, format: 'coco', images })
    : await application.call('images.importFolder', { folder: images });
  const exported = await application.call('dataset.export', {
    path: target,
    format: 'coco',
    options: { profile: 'training' },
    overwrite: mutator.chance(0.5),
  });
  if (!exported.ok) {
    const outcome = refused(exported.error);
    if (outcome.fault) return outcome;
  }
  if (!result.ok) return refused(result.error);
  const page = valueOf(
    await application.call('images.list', { offset: 0, limit: 100 }),
  ) as ImagePage;
  const told = JSON.stringify((result.value as ImportReport).skipped);
  for (const [name, kind] of made) {
    const row = page.rows.find(({ path }) => path.normalize() === name.normalize());
    const isSound = kind === 'photo';
    if (isSound && !row)
      return { ended: 'accepted', fault: `silent drop: ${JSON.stringify(name)}` };
    const quoted = JSON.stringify(name);
    // A name that is quoted in a reason is quoted twice here.
    const isNamed = [quoted, JSON.stringify(quoted).slice(1, -1)].some((form) =>
      told.includes(form.slice(1, -1)),
    );
    // A folder or a link into nowhere in a folder of photos is nobody's photo; a row of COCO that
    // names one is a loss.
    if (!row && !isNamed && (withCoco || kind === 'pipe' || kind === 'socket')) {
      return { ended: 'accepted', fault: `silent drop of a ${kind}: ${JSON.stringify(name)}` };
    }
    if (!row) continue;
    const served = await serveFile(application, row.id, 'full');
    if (served) return served;
  }
  return { ended: 'accepted' };
}

async function make(kind: (typeof kinds)[number], path: string, content: Buffer): Promise<void> {
  switch (kind) {
    case 'photo':
      return writeFile(path, content);
    case 'pipe':
      if (spawnSync('mkfifo', ['--', path]).status !== 0) throw new Error(`No pipe ${path}.`);
      return;
    case 'socket':
      return makeSocket(path);
    case 'folder':
      await mkdir(path);
      return;
    case 'dangling':
      return symlink('/nowhere/at/all', path);
    case 'loop':
      return symlink(path, path);
    case 'device':
      return symlink('/dev/zero', path);
    case 'unreadable':
      await writeFile(path, content);
      return chmod(path, 0);
  }
}

/** A socket's name holds 107 bytes at most; a longer one is a link to one. */
async function makeSocket(path: string): Promise<void> {
  const short =
    Buffer.byteLength(path) < 100 ? path : join('/tmp', `s${process.pid}-${Date.now()}`);
  const server = createServer().listen(short);
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  server.unref();
  if (short !== path) await symlink(short, path);
}

function datasetOf(photos: readonly string[]): object {
  return {
    images: photos.map((file_name, index) => ({ id: index + 1, file_name, width: 64, height: 48 })),
    categories: [{ id: 1, name: 'cat' }],
    annotations: photos.map((_, index) => ({
      ...{ id: index + 1, image_id: index + 1, category_id: 1, iscrowd: 0, area: 100 },
      bbox: [1, 1, 10, 10],
      segmentation: [[1, 1, 11, 1, 11, 11, 1, 11]],
    })),
  };
}
