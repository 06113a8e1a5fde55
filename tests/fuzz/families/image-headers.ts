import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import type { ImagePage } from '../../../app/api/contract/images.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { drawPhoto } from '../draw-photo.ts';
import { refused, type Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';
import { serveFile, valueOf } from '../project-walk.ts';

const sides = [0, 1, 64, 4096, 16384, 30_000, 65_535, 65_536, 200_000, 2 ** 31 - 1, 2 ** 32 - 1];
const variants = ['thumbnail', 'full', 'tile-0-0-0', 'tile-3-0-0'];

/**
 * Images whose headers promise any size, interlaced or progressive or not, with little behind
 * them.
 */
export const imageHeaders: Family = {
  name: 'image-headers',
  weight: 6,
  async prepare() {
    const application = await ApplicationUnderTest.make();
    const jpeg = await drawPhoto('jpeg', 1);
    const webp = await drawPhoto('webp', 1);
    return async (mutator, folder) => {
      const images = join(folder, 'photos');
      await mkdir(images);
      const [bytes, ending] = draw(mutator, jpeg, webp);
      await writeFile(join(images, `huge.${ending}`), bytes);
      await application.newProject(folder);
      try {
        const result = await application.call('images.importFolder', { folder: images });
        if (!result.ok) return refused(result.error);
        const { images: imported, skipped } = result.value as ImportReport;
        if (imported + skipped.length !== 1) return { ended: 'accepted', fault: 'silent drop' };
        if (imported === 0) return refused(skipped[0]!.error ?? { code: 'named', message: '' });
        const page = valueOf(await application.call('images.list', { offset: 0, limit: 9 }));
        for (const variant of variants) {
          const outcome = await serveFile(application, (page as ImagePage).rows[0]!.id, variant);
          if (outcome) return outcome;
        }
        return { ended: 'accepted' };
      } finally {
        await application.clear();
      }
    };
  },
};

function draw(mutator: Mutator, jpeg: Buffer, webp: Buffer): [bytes: Buffer, ending: string] {
  const [width, height] = [mutator.pick(sides), mutator.pick(sides)];
  switch (mutator.below(6)) {
    case 0:
    case 1:
      return [png(mutator, width, height), 'png'];
    case 2:
      return [resizedJpeg(mutator, jpeg, width, height), 'jpg'];
    case 3: {
      const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');
      for (const at of mutator.chance(0.5) ? [6] : [6, 24]) {
        gif.writeUInt16LE(width & 0xffff, at);
        gif.writeUInt16LE(height & 0xffff, at + 2);
      }
      return [gif, 'gif'];
    }
    case 4: {
      const damaged = Buffer.from(webp);
      damaged.writeUInt16LE(width & 0x3fff, 26);
      damaged.writeUInt16LE(height & 0x3fff, 28);
      return [damaged, 'webp'];
    }
    default:
      return [svg(mutator, width, height), mutator.pick(['svg', 'svg', 'png', 'jpg'])];
  }
}

/** A PNG of any declared size with sound checksums and zeros, far fewer or many, behind it. */
function png(mutator: Mutator, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const [depth, colour] = mutator.pick([
    [8, 2],
    [8, 6],
    [16, 6],
    [1, 0],
    [8, 3],
  ] as const);
  header[8] = depth;
  header[9] = colour;
  header[12] = mutator.below(2);
  const zeros = deflateSync(Buffer.alloc(mutator.pick([0, 1000, 40_000_000])), { level: 1 });
  const palette = colour === 3 ? [chunk('PLTE', Buffer.alloc(3))] : [];
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...palette,
    chunk('IDAT', zeros),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Another size, and perhaps another process (baseline, progressive), in the frame header. */
function resizedJpeg(mutator: Mutator, jpeg: Buffer, width: number, height: number): Buffer {
  const damaged = Buffer.from(jpeg);
  const at = damaged.findIndex((byte, index) => byte === 0xff && damaged[index + 1] === 0xc0);
  if (mutator.chance(0.5)) damaged[at + 1] = mutator.pick([0xc1, 0xc2, 0xc9]);
  damaged.writeUInt16BE(height & 0xffff, at + 5);
  damaged.writeUInt16BE(width & 0xffff, at + 7);
  return damaged;
}

function svg(mutator: Mutator, width: number, height: number): Buffer {
  const inside = mutator.pick([
    '<rect width="9" height="9"/>',
    '<image href="file:///etc/passwd" width="9" height="9"/>',
    '<image href="http://127.0.0.1:9/x.png" width="9" height="9"/>',
    '<style>@import url(file:///etc/passwd);</style>',
    '<script>while(true);</script>',
    `<defs><g id="a"/>${'bcdefgh'
      .split('')
      .map((id, index) => `<g id="${id}">${`<use href="#${'abcdefg'[index]}"/>`.repeat(40)}</g>`)
      .join('')}</defs><use href="#h"/>`,
    `${'<g>'.repeat(5000)}${'</g>'.repeat(5000)}`,
    `<filter id="f"><feGaussianBlur stdDeviation="${width}"/></filter><rect filter="url(#f)" width="99" height="99"/>`,
    `<text font-size="${height}">x</text>`,
  ]);
  const doctype = mutator.chance(0.2)
    ? '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    : '';
  const size = mutator.chance(0.7) ? `width="${width}" height="${height}"` : '';
  const view = mutator.chance(0.5) ? `viewBox="0 0 ${width} ${height}"` : '';
  return Buffer.from(
    `${doctype}<svg xmlns="http://www.w3.org/2000/svg" ${size} ${view}>${inside}</svg>`,
  );
}
