import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../core/errors.ts';
import { decodeImage, type DecodedImage } from '../../../../models/image/decode.ts';

/** 48 x 32 pixels: red and green above, blue and white below. */
function quadrants(): Sharp {
  const pixels = Buffer.alloc(48 * 32 * 3);
  const colours = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 255],
  ];
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 48; x++) {
      pixels.set(colours[(y < 16 ? 0 : 2) + (x < 24 ? 0 : 1)]!, (y * 48 + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width: 48, height: 32, channels: 3 } });
}

const names: Record<string, string> = { '1,0,0': 'r', '0,1,0': 'g', '0,0,1': 'b', '1,1,1': 'w' };

/** The colours of the four quadrants: upper left, upper right, lower left, lower right. */
function corners({ width, height, pixels }: DecodedImage): string {
  const places = [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => ({ x, y })));
  return places
    .map(({ x, y }) => Math.floor(y * height) * width + Math.floor(x * width))
    .map((at) => Array.from(pixels.slice(at * 3, at * 3 + 3)))
    .map((colour) => names[colour.map((v) => +(v > 0.95 * Math.max(...colour))).join()])
    .join('');
}

async function failure(source: string | Uint8Array): Promise<{ code: ErrorCode; message: string }> {
  return decodeImage(source).then(
    () => expect.fail('the image was decoded'),
    (error: unknown) => error as { code: ErrorCode; message: string },
  );
}

describe('decodeImage', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixel-sail-decode-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('keeps nothing of a file, so that another photo under its name is seen', async () => {
    const file = join(folder, 'same.png');
    await quadrants().png().toFile(file);
    expect(corners(await decodeImage(file))).toBe('rgbw');
    await quadrants().rotate(180).png().toFile(file);
    expect(corners(await decodeImage(file))).toBe('wbgr');
    expect(sharp.cache().items).toMatchObject({ current: 0 });
  });

  const turned = {
    1: 'rgbw',
    2: 'grwb',
    3: 'wbgr',
    4: 'bwrg',
    5: 'rbgw',
    6: 'brwg',
    7: 'wgbr',
    8: 'gwrb',
  };
  for (const [orientation, expected] of Object.entries(turned)) {
    it(`turns an image of EXIF orientation ${orientation} upright`, async () => {
      const tagged = quadrants().withMetadata({ orientation: Number(orientation) });
      const image = await decodeImage(await tagged.jpeg({ quality: 95 }).toBuffer());
      const isTurned = Number(orientation) > 4;
      expect([image.width, image.height]).toEqual(isTurned ? [32, 48] : [48, 32]);
      expect(corners(image)).toBe(expected);
      expect(image.orientation).toBe(Number(orientation));
    });
  }

  it('identifies an image by the sha256 of its bytes', async () => {
    const bytes = await quadrants().png().toBuffer();
    const { key } = await decodeImage(bytes);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect((await decodeImage(bytes)).key).toBe(key);
    expect((await decodeImage(await quadrants().webp().toBuffer())).key).not.toBe(key);
  });

  it('reads one pixel', async () => {
    const one = sharp(Buffer.from([10, 20, 30]), { raw: { width: 1, height: 1, channels: 3 } });
    const image = await decodeImage(await one.png().toBuffer());
    expect(image).toMatchObject({ width: 1, height: 1, pixels: Uint8Array.of(10, 20, 30) });
  });

  it('brings CMYK, 16-bit, greyscale and transparent images to 8-bit RGB', async () => {
    const variants = {
      cmyk: quadrants().toColourspace('cmyk').jpeg({ quality: 95 }),
      deep: quadrants().toColourspace('rgb16').png(),
      transparent: quadrants().ensureAlpha(0.5).png(),
    };
    for (const [name, variant] of Object.entries(variants)) {
      const image = await decodeImage(await variant.toBuffer());
      expect(image.pixels, name).toHaveLength(48 * 32 * 3);
      expect(corners(image), name).toBe('rgbw');
    }
    const grey = await decodeImage(await quadrants().greyscale().png().toBuffer());
    expect(grey.pixels).toHaveLength(48 * 32 * 3);
    expect(corners(grey)).toMatch(/w$/);
  });

  it('spreads 16-bit values over the 8-bit range', async () => {
    const deep = new Uint16Array([0, 0x8000, 0xffff]);
    const png = await sharp(deep, { raw: { width: 3, height: 1, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    const { pixels } = await decodeImage(png);
    expect([pixels[0], pixels[3], pixels[6]]).toEqual([0, 128, 255]);
  });

  it('takes the first frame of an animation and reports how many there are', async () => {
    const frame = (red: number) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 0, b: 0 } } })
        .png()
        .toBuffer();
    const frames = [await frame(250), await frame(120), await frame(0)];
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const image = await decodeImage(animation);
    expect(image).toMatchObject({ width: 8, height: 8, frames: 3, format: 'gif' });
    expect(image.pixels[0]).toBeGreaterThan(240);
  });

  it('names what is wrong with a file that is no whole image', async () => {
    const jpeg = await quadrants().jpeg({ quality: 100 }).toBuffer();
    const png = await quadrants().png({ compressionLevel: 0 }).toBuffer();
    const broken = {
      empty: Buffer.alloc(0),
      'not an image': Buffer.from('hello, I am a text file'),
      'truncated JPEG': jpeg.subarray(0, jpeg.length / 2),
      'truncated PNG': png.subarray(0, png.length / 2),
    };
    for (const [name, bytes] of Object.entries(broken)) {
      const file = join(folder, `${name}.jpg`);
      await writeFile(file, bytes);
      const error = await failure(file);
      expect(error.code, name).toBe('image-unreadable');
      expect(error.message, name).toContain(file);
    }
    expect((await failure(new Uint8Array())).message).toContain('0 bytes');
  });

  it('says that a file is missing', async () => {
    expect((await failure(join(folder, 'nowhere.png'))).code).toBe('not-found');
  });

  it('refuses a side above the limit and states it', async () => {
    const background = { r: 0, g: 0, b: 0 };
    const wide = sharp({ create: { width: 30_001, height: 1, channels: 3, background } });
    const error = await failure(await wide.png().toBuffer());
    expect(error.code).toBe('image-too-large');
    expect(error.message).toMatch(/30001 x 1 .*30000/);
  });

  it('reads a side of 30,000 pixels', async () => {
    const background = { r: 1, g: 2, b: 3 };
    const wide = sharp({ create: { width: 30_000, height: 2, channels: 3, background } });
    const image = await decodeImage(await wide.png().toBuffer());
    expect([image.width, image.height]).toEqual([30_000, 2]);
  });

  it('opens names with spaces and emoji, and both spellings of an accent', async () => {
    const bytes = await quadrants().png().toBuffer();
    for (const name of [
      'two words.png',
      'sailboat ⛵.png',
      'café.png'.normalize('NFC'),
      'café.png'.normalize('NFD'),
    ]) {
      await writeFile(join(folder, name), bytes);
      expect((await decodeImage(join(folder, name))).width).toBe(48);
    }
  });
});
